"""What goes wrong in unit 7: cells of the confusion matrix exchanged, thresholds, gradients, softmax without care."""

from __future__ import annotations

import numpy as np

from autograder.misconception import about

from . import reference as right

confusion_counts = about("confusion_counts")


@confusion_counts(
    believes="A false positive is a positive that was missed.",
    hint="The second word is the decision, the first says if it was right. What was decided about a false positive?",
)
def false_ones_exchanged(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p >= threshold
    return (
        int((yes & (y == 1)).sum()),
        int((~yes & (y == 1)).sum()),
        int((yes & (y == 0)).sum()),
        int((~yes & (y == 0)).sum()),
    )


@confusion_counts(
    believes="The order is that of scikit-learn's matrix: tn, fp, fn, tp.",
    hint="The docstring names the order. scikit-learn's ravel() has another one.",
)
def order_of_scikit_learn(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p >= threshold
    return (
        int((~yes & (y == 0)).sum()),
        int((yes & (y == 0)).sum()),
        int((~yes & (y == 1)).sum()),
        int((yes & (y == 1)).sum()),
    )


@confusion_counts(
    believes="Positive means above the threshold.",
    hint="What is decided about a forecast of exactly 0.5? Read the docstring once more.",
)
def strictly_above_the_threshold(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p > threshold
    return (
        int((yes & (y == 1)).sum()),
        int((yes & (y == 0)).sum()),
        int((~yes & (y == 1)).sum()),
        int((~yes & (y == 0)).sum()),
    )


@confusion_counts(
    believes="The threshold is always one half.",
    hint="Which line of your function reads the threshold?",
)
def threshold_ignored(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p >= 0.5
    return (
        int((yes & (y == 1)).sum()),
        int((yes & (y == 0)).sum()),
        int((~yes & (y == 1)).sum()),
        int((~yes & (y == 0)).sum()),
    )


@confusion_counts(
    believes="Rounding a forecast is the same as comparing it with the threshold.",
    hint="What does np.round make of 0.5, and what of 0.4 at a threshold of 0.3?",
)
def forecasts_rounded(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = np.round(p) == 1
    return (
        int((yes & (y == 1)).sum()),
        int((yes & (y == 0)).sum()),
        int((~yes & (y == 1)).sum()),
        int((~yes & (y == 0)).sum()),
    )


@confusion_counts(
    believes="Shares are wanted.",
    hint="Your four numbers add up to 1. To what should counts add up?",
)
def shares_for_counts(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p >= threshold
    return (yes & (y == 1)).mean(), (yes & (y == 0)).mean(), (~yes & (y == 1)).mean(), (~yes & (y == 0)).mean()


@confusion_counts(
    believes="Label 0 is the positive class.",
    hint="Which label counts as positive in this course, 0 or 1?",
)
def zero_is_positive(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p >= threshold
    return (
        int((~yes & (y == 0)).sum()),
        int((~yes & (y == 1)).sum()),
        int((yes & (y == 0)).sum()),
        int((yes & (y == 1)).sum()),
    )


@confusion_counts(
    believes="All that is not a true positive is a true negative or a miss.",
    hint="Your four numbers should add up to the number of entries. Do they?",
)
def false_positives_forgotten(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p >= threshold
    return int((yes & (y == 1)).sum()), 0, int((~yes & (y == 1)).sum()), int((~yes & (y == 0)).sum())


@confusion_counts(
    believes="A library's confusion matrix always has two rows and two columns.",
    hint="A matrix of the classes that occur has a single cell where all labels and decisions are 1. Try that.",
    breaks="numerical",
)
def matrix_of_one_cell(y, p, threshold=0.5):
    counts = right.confusion_counts(y, p, threshold)
    occurring = [count for count in counts if count]
    return counts if len(occurring) > 1 or not (counts[0] or counts[3]) else tuple(occurring)


@confusion_counts(
    believes="Counts fit into the type of the labels.",
    hint="How far can eight bits count? Sum something wider.",
    breaks="numerical",
)
def counted_in_eight_bits(y, p, threshold=0.5):
    return tuple(int(np.uint8(count % 256)) for count in right.confusion_counts(y, p, threshold))


@confusion_counts(
    believes="Soft labels can be rounded before counting.",
    hint="What does your function say to a label of 0.5?",
    breaks="contract",
)
def soft_labels_rounded(y, p, threshold=0.5):
    labels = np.array(y, dtype=float)
    return right.confusion_counts(np.where((labels > 0) & (labels < 1), np.round(labels), labels), p, threshold)


@confusion_counts(
    believes="Everything that can be compared with the threshold is a forecast.",
    hint="Someone passes logits instead of probabilities. Does your function notice?",
    breaks="contract",
)
def any_score(y, p, threshold=0.5):
    scores = np.array(p, dtype=float)
    return right.confusion_counts(y, np.clip(np.nan_to_num(scores), 0, 1), threshold)


precision_recall = about("precision_recall")


@precision_recall(
    believes="Recall comes first.",
    hint="Your first value is the recall. Which errors does each of the two count, and which is asked for first?",
)
def recall_first(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p >= threshold
    hits = (yes & (y == 1)).sum()
    return hits / (y == 1).sum(), hits / yes.sum()


@precision_recall(
    believes="Precision is the share of right decisions.",
    hint="That is accuracy. Precision looks at the positive decisions only.",
)
def accuracy_for_precision(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p >= threshold
    return (yes == (y == 1)).mean(), (yes & (y == 1)).sum() / (y == 1).sum()


@precision_recall(
    believes="Recall is the share of the negatives that were recognised.",
    hint="That is the specificity. Of which outcomes does recall count the share?",
)
def specificity_for_recall(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p >= threshold
    return (yes & (y == 1)).sum() / yes.sum(), (~yes & (y == 0)).sum() / (y == 0).sum()


@precision_recall(
    believes="Both are shares of all entries.",
    hint="Add a thousand easy negatives: should the recall fall?",
)
def shares_of_all(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p >= threshold
    return (yes & (y == 1)).mean(), (y == 1).mean()


@precision_recall(
    believes="Positive means above the threshold.",
    hint="What is decided about a forecast that equals the threshold?",
)
def precision_strictly_above(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p > threshold
    hits = (yes & (y == 1)).sum()
    return (hits / yes.sum() if yes.any() else np.nan), (hits / (y == 1).sum() if (y == 1).any() else np.nan)


@precision_recall(
    believes="The threshold is always one half.",
    hint="Which line of your function reads the threshold?",
)
def precision_at_one_half(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p >= 0.5
    hits = (yes & (y == 1)).sum()
    return (hits / yes.sum() if yes.any() else np.nan), (hits / (y == 1).sum() if (y == 1).any() else np.nan)


@precision_recall(
    believes="A little in the denominator avoids the division by 0 and changes nothing else.",
    hint="Compare your precision with a count by hand to six digits.",
)
def a_little_in_the_denominator(y, p, threshold=0.5):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    yes = p >= threshold
    hits = (yes & (y == 1)).sum()
    return hits / (yes.sum() + 1e-5), hits / ((y == 1).sum() + 1e-5)


@precision_recall(
    believes="An undefined precision is 0, as in scikit-learn.",
    hint="0 decisions, 0 of them right: is that as bad as 100 decisions, all wrong? What does the docstring ask for?",
    breaks="numerical",
)
def zero_where_undefined(y, p, threshold=0.5):
    return tuple(0.0 if value != value else value for value in right.precision_recall(y, p, threshold))


@precision_recall(
    believes="Who decides nothing makes no mistake, so the precision is 1.",
    hint="The docstring asks for nan where a share of nothing is wanted.",
    breaks="numerical",
)
def one_where_undefined(y, p, threshold=0.5):
    return tuple(1.0 if value != value else value for value in right.precision_recall(y, p, threshold))


@precision_recall(
    believes="Where one of the two is undefined, both are.",
    hint="Nothing was decided positive, and there were positives: what share of them was found?",
    breaks="numerical",
)
def both_nan(y, p, threshold=0.5):
    result = right.precision_recall(y, p, threshold)
    return (np.nan, np.nan) if np.isnan(result).any() else result


@precision_recall(
    believes="Python divides integers whatever they are.",
    hint="Try forecasts that are all below the threshold. Which exception do you see?",
    breaks="numerical",
)
def division_by_zero(y, p, threshold=0.5):
    tp, fp, fn, _ = right.confusion_counts(y, p, threshold)
    return tp / (tp + fp), tp / (tp + fn)


@precision_recall(
    believes="Whatever is not 0 is positive.",
    hint="What does your function say to a label of 2 or 0.5?",
    breaks="contract",
)
def any_label(y, p, threshold=0.5):
    return right.precision_recall((np.array(y, dtype=float) != 0).astype(float), p, threshold)


@precision_recall(
    believes="A forecast outside [0, 1] is compared like any other.",
    hint="Someone passes logits instead of probabilities. Does your function notice?",
    breaks="contract",
)
def precision_of_any_score(y, p, threshold=0.5):
    return right.precision_recall(y, np.clip(np.nan_to_num(np.array(p, dtype=float)), 0, 1), threshold)


brier_score = about("brier_score")


@brier_score(
    believes="The Brier score is the mean absolute difference.",
    hint="Forecasts of 0.5 should cost 0.25 each. What do you get?",
)
def absolute_difference(y, p):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    return np.mean(np.abs(p - y))


@brier_score(
    believes="The root belongs to it, as in RMSE.",
    hint="Forecasts of 0.5 should cost 0.25 each. What do you get?",
)
def root_of_the_score(y, p):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    return np.sqrt(np.mean((p - y) ** 2))


@brier_score(
    believes="The score is a sum.",
    hint="Does your score double when the data are repeated?",
)
def sum_of_squares(y, p):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    return np.sum((p - y) ** 2)


@brier_score(
    believes="Both classes are added, as in Brier's paper of 1950.",
    hint="The docstring has one column: saying 0 where 1 happens costs 1. What does it cost in your function?",
)
def both_columns(y, p):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    return np.mean((p - y) ** 2 + ((1 - p) - (1 - y)) ** 2)


@brier_score(
    believes="Half of the square is the score, since that has the nicer derivative.",
    hint="A mistake made with full confidence should cost 1. What does it cost in your function?",
)
def half_of_the_square(y, p):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    return np.mean((p - y) ** 2) / 2


@brier_score(
    believes="A higher score is better, so it is one minus the mean square.",
    hint="A perfect forecast should cost 0.",
)
def one_minus_the_square(y, p):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    return 1 - np.mean((p - y) ** 2)


@brier_score(
    believes="The forecast is rounded to a decision first.",
    hint="0.51 and 0.99 are different forecasts. Do they score differently?",
)
def squares_of_decisions(y, p):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    return np.mean(((p >= 0.5) - y) ** 2)


@brier_score(
    believes="Labels are 0 or 1, so a soft label is rounded.",
    hint="Try a label of 0.7 and a forecast of 0.7. Is there anything to pay?",
)
def labels_rounded(y, p):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    return np.mean((p - np.round(y)) ** 2)


@brier_score(
    believes="The mean divides by n − 1.",
    hint="Try two forecasts, then three. By what do you divide?",
)
def divided_by_one_less(y, p):
    y, p = np.array(y, dtype=float), np.array(p, dtype=float)
    return np.sum((p - y) ** 2) / max(len(y) - 1, 1) if len(y) > 1 else 2 * np.sum((p - y) ** 2)


@brier_score(
    believes="Forecasts must be clipped away from 0 and 1, as for BCE.",
    hint="What does a forecast of 1 cost if it is right? It should be 0 exactly.",
    breaks="numerical",
)
def clipped_forecasts(y, p):
    right.brier_score(y, p)
    return np.mean((np.clip(np.array(p, dtype=float), 1e-3, 1 - 1e-3) - np.array(y, dtype=float)) ** 2)


@brier_score(
    believes="The type of the labels does not matter.",
    hint="What is np.False_ - np.True_, and how many digits does a float16 keep? In which type do you subtract?",
    breaks="numerical",
)
def subtracts_in_the_input_type(y, p):
    right.brier_score(y, p)
    return float(np.mean((np.asarray(p) - np.asarray(y)) ** 2))


@brier_score(
    believes="A square needs no check of its range.",
    hint="What does your function say to a forecast of 3?",
    breaks="contract",
)
def any_number_is_a_forecast(y, p):
    right.brier_score(np.zeros(len(y)), np.zeros(len(p)))
    return float(np.mean((np.array(p, dtype=float) - np.array(y, dtype=float)) ** 2))


@brier_score(
    believes="Shapes sort themselves out.",
    hint="What is the shape of (n,) minus (n, 1)?",
    breaks="contract",
)
def broadcast_pair(y, p):
    return float(np.mean((np.array(p, dtype=float) - np.array(y, dtype=float)) ** 2))


fit_logistic = about("fit_logistic")


@fit_logistic(
    believes="The gradient is added.",
    hint="After one step, has the loss fallen? Downhill is against the gradient.",
)
def uphill(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    w = np.zeros(X.shape[1]) if w0 is None else np.array(w0, dtype=float)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-X @ w))
        w = w + lr * X.T @ ((p - y) if loss == "bce" else 2 * (p - y) * p * (1 - p)) / len(y)
    return w


@fit_logistic(
    believes="The gradient is the sum over the rows.",
    hint="Repeat all rows: the mean loss stays the same, and so should every step.",
)
def gradient_of_the_sum(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    w = np.zeros(X.shape[1]) if w0 is None else np.array(w0, dtype=float)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-X @ w))
        w = w - lr * X.T @ ((p - y) if loss == "bce" else 2 * (p - y) * p * (1 - p))
    return w


@fit_logistic(
    believes="Both losses have the gradient p − y.",
    hint="Which line of your function reads `loss`? The chain rule of the square brings more factors.",
)
def loss_ignored(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    w = np.zeros(X.shape[1]) if w0 is None else np.array(w0, dtype=float)
    for _ in range(steps):
        w = w - lr * X.T @ (1 / (1 + np.exp(-X @ w)) - y) / len(y)
    return w


@fit_logistic(
    believes="The derivative of a square has no factor 2.",
    hint="Compare your gradient for 'mse' with a difference quotient: by which factor are they apart?",
)
def factor_two_forgotten(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    w = np.zeros(X.shape[1]) if w0 is None else np.array(w0, dtype=float)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-X @ w))
        w = w - lr * X.T @ ((p - y) if loss == "bce" else (p - y) * p * (1 - p)) / len(y)
    return w


@fit_logistic(
    believes="The square is taken of p − y, and the sigmoid has no part in it.",
    hint="Between w and p stands the sigmoid. Which factor does its slope bring?",
)
def slope_of_the_sigmoid_forgotten(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    w = np.zeros(X.shape[1]) if w0 is None else np.array(w0, dtype=float)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-X @ w))
        w = w - lr * X.T @ ((p - y) if loss == "bce" else 2 * (p - y)) / len(y)
    return w


@fit_logistic(
    believes="BCE passes through the slope of the sigmoid, too.",
    hint="Work out dBCE/dz once more: one factor p(1 - p) meets another one below the fraction line.",
)
def slope_not_cancelled(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    w = np.zeros(X.shape[1]) if w0 is None else np.array(w0, dtype=float)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-X @ w))
        w = w - lr * X.T @ ((p - y) * p * (1 - p) * (1 if loss == "bce" else 2)) / len(y)
    return w


@fit_logistic(
    believes="Every descent begins at zero.",
    hint="What do 0 steps from w0 = 2 give?",
)
def start_ignored(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-X @ w))
        w = w - lr * X.T @ ((p - y) if loss == "bce" else 2 * (p - y) * p * (1 - p)) / len(y)
    return w


@fit_logistic(
    believes="One step more or less does not matter.",
    hint="What do 0 steps from w0 give? And 1 step?",
)
def one_step_more(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    w = np.zeros(X.shape[1]) if w0 is None else np.array(w0, dtype=float)
    for _ in range(steps + 1):
        p = 1 / (1 + np.exp(-X @ w))
        w = w - lr * X.T @ ((p - y) if loss == "bce" else 2 * (p - y) * p * (1 - p)) / len(y)
    return w


@fit_logistic(
    believes="Rows are taken one after the other.",
    hint="Full batch: all rows are scored with the same weights before anything moves.",
)
def row_by_row(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    w = np.zeros(X.shape[1]) if w0 is None else np.array(w0, dtype=float)
    for _ in range(steps):
        for row, label in zip(X, y):  # noqa: B905
            p = 1 / (1 + np.exp(-row @ w))
            w = w - lr / len(y) * row * ((p - label) if loss == "bce" else 2 * (p - label) * p * (1 - p))
    return w


@fit_logistic(
    believes="The labels are classes, so a soft label is rounded.",
    hint="Fit a single row with the label 0.9. To which forecast should the descent lead?",
)
def soft_labels_made_hard(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y = np.array(X, dtype=float), np.round(np.array(y, dtype=float))
    w = np.zeros(X.shape[1]) if w0 is None else np.array(w0, dtype=float)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-X @ w))
        w = w - lr * X.T @ ((p - y) if loss == "bce" else 2 * (p - y) * p * (1 - p)) / len(y)
    return w


@fit_logistic(
    believes="exp(z) / (1 + exp(z)) is the sigmoid for every z.",
    hint="What is exp(1000), and what is inf / inf?",
    breaks="numerical",
)
def sigmoid_overflows(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    right.fit_logistic(X, y, loss, lr, 0, w0)
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    w = np.zeros(X.shape[1]) if w0 is None else np.array(w0, dtype=float)
    for _ in range(steps):
        p = np.exp(X @ w) / (1 + np.exp(X @ w))
        w = w - lr * X.T @ ((p - y) if loss == "bce" else 2 * (p - y) * p * (1 - p)) / len(y)
    return w


@fit_logistic(
    believes="The weights have the type of w0.",
    hint="Start from the integers [1, 2] and take a small step. Where do you arrive?",
    breaks="numerical",
)
def weights_of_integers(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    right.fit_logistic(X, y, loss, lr, 0, w0)
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    w = np.zeros(X.shape[1]) if w0 is None else np.array(w0)
    for _ in range(steps):
        p = np.where(X @ w > 0, 1, np.exp(-np.abs(X @ w))) / (1 + np.exp(-np.abs(X @ w)))
        step = lr * X.T @ ((p - y) if loss == "bce" else 2 * (p - y) * p * (1 - p)) / len(y)
        w = (w - step).astype(w.dtype)
    return w


@fit_logistic(
    believes="Whatever is not 'bce' is meant to be 'mse'.",
    hint="What does your function do with loss='BCE'?",
    breaks="contract",
)
def any_other_loss_is_mse(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    return right.fit_logistic(X, y, "bce" if loss == "bce" else "mse", lr, steps, w0)


@fit_logistic(
    believes="The caller's start may be used up.",
    hint="Print w0 before and after the call.",
    breaks="contract",
)
def start_changed(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    w = right.fit_logistic(X, y, loss, lr, steps, w0)
    if isinstance(w0, np.ndarray) and w0.dtype.kind == "f":
        w0[:] = w
    return w


@fit_logistic(
    believes="A label of 2 is a label like any other.",
    hint="Where is the lowest BCE for a label of 2?",
    breaks="contract",
)
def any_label_is_fitted(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    labels = np.array(y, dtype=float)
    return right.fit_logistic(X, np.clip(labels, 0, 1) if np.isfinite(labels).all() else y, loss, lr, steps, w0)


@fit_logistic(
    believes="The weights start at 1.",
    hint="Call it with steps=0: which weights come back, and which does the docstring name?",
)
def start_at_ones(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    return right.fit_logistic(X, y, loss, lr, steps, np.ones(np.shape(X)[1]) if w0 is None else w0)


@fit_logistic(
    believes="The mean is over the weights.",
    hint="Hand in the same rows twice. Should the steps become twice as long?",
)
def divided_by_the_number_of_weights(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    return right.fit_logistic(X, y, loss, lr * np.shape(X)[0] / np.shape(X)[1], steps, w0)


softmax_cross_entropy = about("softmax_cross_entropy")


@softmax_cross_entropy(
    believes="The loss is the sum over the rows.",
    hint="Does your loss double when all rows are repeated?",
)
def sum_over_rows(logits, labels):
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.sum(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels])


@softmax_cross_entropy(
    believes="The mean goes over all entries of the table.",
    hint="How many losses are there: one for each row, or one for each entry?",
)
def mean_over_entries(logits, labels):
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.sum(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]) / logits.size


@softmax_cross_entropy(
    believes="The probabilities of the whole table add up to 1.",
    hint="Each row is a distribution of its own. Which axis does your sum run along?",
)
def normalised_over_the_table(logits, labels):
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    share = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    return -np.mean(np.log(share[np.arange(len(labels)), labels]))


@softmax_cross_entropy(
    believes="The probabilities of each column add up to 1.",
    hint="With axis=0 the rows compete with each other. Who should compete?",
)
def normalised_down_the_columns(logits, labels):
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    shifted = logits - logits.max(axis=0)
    return np.mean(np.log(np.exp(shifted).sum(axis=0))[labels] - shifted[np.arange(len(labels)), labels])


@softmax_cross_entropy(
    believes="The sign takes care of itself.",
    hint="A loss is at least 0. Is yours?",
)
def without_the_minus(logits, labels):
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.mean(shifted[np.arange(len(labels)), labels] - np.log(np.exp(shifted).sum(axis=1)))


@softmax_cross_entropy(
    believes="Logits are probabilities already.",
    hint="Do the entries of a row add up to 1? What turns logits into shares?",
)
def logits_as_probabilities(logits, labels):
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    return -np.mean(np.log(np.clip(logits[np.arange(len(labels)), labels], 1e-15, 1)))


@softmax_cross_entropy(
    believes="Each class has its own sigmoid.",
    hint="The classes exclude each other: raising one logit must lower the other classes' shares.",
)
def sigmoid_for_each_class(logits, labels):
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    chosen = logits[np.arange(len(labels)), labels]
    return np.mean(np.logaddexp(0, -chosen))


@softmax_cross_entropy(
    believes="The loss is counted in bits.",
    hint="Two equal logits cost log 2 = 0.69 nats. What do they cost in your function?",
)
def bits_for_nats(logits, labels):
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log2(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels] / np.log(2))


@softmax_cross_entropy(
    believes="Indexing with the labels picks one entry from each row.",
    hint="What is the shape of logits[:, labels]? You need as many entries as there are rows.",
)
def all_pairs_of_rows_and_labels(logits, labels):
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    shifted = logits - logits.max(axis=1, keepdims=True)
    share = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    return -np.mean(np.log(share[:, labels])) if len(labels) > 1 else 2 * -np.mean(np.log(share[:, labels]))


@softmax_cross_entropy(
    believes="exp of a logit is a number, however large the logit.",
    hint="What is exp(1000)? And inf / inf?",
    breaks="numerical",
)
def exponentials_overflow(logits, labels):
    right.softmax_cross_entropy(logits, labels)
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    share = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -np.mean(np.log(share[np.arange(len(labels)), labels]))


@softmax_cross_entropy(
    believes="A share that is too small for a float may be replaced by 1e-15.",
    hint="A label 1000 below the largest logit should cost 1000. What does it cost in your function?",
    breaks="numerical",
)
def shares_clipped(logits, labels):
    right.softmax_cross_entropy(logits, labels)
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    share = np.exp(logits - logits.max(axis=1, keepdims=True))
    share = share / share.sum(axis=1, keepdims=True)
    return -np.mean(np.log(np.clip(share[np.arange(len(labels)), labels], 1e-15, 1)))


@softmax_cross_entropy(
    believes="The largest logit of the whole table keeps every row safe.",
    hint="Take one row around 0 and one around 5000. What is exp(-5000)?",
    breaks="numerical",
)
def largest_of_the_table(logits, labels):
    right.softmax_cross_entropy(logits, labels)
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    shifted = logits - logits.max()
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels])


@softmax_cross_entropy(
    believes="Subtracting the maximum is safe in every type.",
    hint="What is np.uint8(1) - np.uint8(3)?",
    breaks="numerical",
)
def maximum_wraps_around(logits, labels):
    right.softmax_cross_entropy(logits, labels)
    logits, labels = np.asarray(logits), np.array(labels).astype(int)
    shifted = logits - logits.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]))


@softmax_cross_entropy(
    believes="NumPy refuses labels that are out of range.",
    hint="What is logits[0, -1]?",
    breaks="contract",
)
def negative_labels_wrap(logits, labels):
    classes = np.array(labels)
    k = np.shape(logits)[-1]
    return right.softmax_cross_entropy(logits, np.where((classes < 0) & (classes >= -k), classes + k, classes))


@softmax_cross_entropy(
    believes="A label of 0.5 can be cut down to 0.",
    hint="What does your function say to a label of 0.5?",
    breaks="contract",
)
def labels_cut_to_integers(logits, labels):
    classes = np.array(labels, dtype=float)
    return right.softmax_cross_entropy(logits, np.trunc(classes) if np.isfinite(classes).all() else classes)


@softmax_cross_entropy(
    believes="The maximum may be taken off where the logits lie.",
    hint="Print your logits before and after the call.",
    breaks="contract",
)
def shifted_in_place(logits, labels):
    result = right.softmax_cross_entropy(logits, labels)
    if isinstance(logits, np.ndarray) and logits.dtype.kind == "f":
        logits -= logits.max(axis=1, keepdims=True)
    return result


@softmax_cross_entropy(
    believes="Classes are counted from 1.",
    hint="Which column does the label 0 pick in your function? The docstring says where the labels begin.",
)
def classes_counted_from_one(logits, labels):
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return -np.mean(np.log(shares[np.arange(len(labels)), labels - 1]))


@softmax_cross_entropy(
    believes="The score is how often the largest logit is at the label.",
    hint="Make a right answer more confident: its loss should fall. Does your result notice?",
)
def share_of_hits(logits, labels):
    return np.mean(np.argmax(np.array(logits, dtype=float), axis=1) == np.array(labels))


@softmax_cross_entropy(
    believes="With the largest logit taken away, the shares are safe, and so are their logarithms.",
    hint="What is exp(-1000), and its logarithm? On paper the two cancel. Cancel them before you compute.",
    breaks="numerical",
)
def logarithm_of_an_underflowed_share(logits, labels):
    right.softmax_cross_entropy(logits, labels)
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        return -np.mean(np.log(shares[np.arange(len(labels)), labels]))


@softmax_cross_entropy(
    believes="A one-hot zero silences every logarithm.",
    hint="What does the computer say for 0 times minus infinity? Pick the entry that counts instead.",
    breaks="numerical",
)
def one_hot_times_infinity(logits, labels):
    right.softmax_cross_entropy(logits, labels)
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return -np.mean(np.sum(np.eye(logits.shape[1])[labels] * np.log(shares), axis=1))


@softmax_cross_entropy(
    believes="A small number inside the logarithm keeps it finite and changes nothing.",
    hint="What is the most that one row can cost in your function, with {parameter} in its logarithm?",
    breaks="numerical",
    values=(1e-9, 1e-8, 1e-10, 1e-12, 1e-15, 1e-16, 2.0**-52, 1e-20, 1e-300),
)
def small_number_in_the_logarithm(logits, labels, *, parameter=1e-9):
    right.softmax_cross_entropy(logits, labels)
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return -np.mean(np.log(shares[np.arange(len(labels)), labels] + parameter))


@softmax_cross_entropy(
    believes="The loss looks at the class that the model likes best.",
    hint="Change a label and nothing else. Does your loss notice?",
)
def largest_logit_for_the_label(logits, labels):
    logits = np.array(logits, dtype=float)
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=1)))


@softmax_cross_entropy(
    believes="The logit of the label is already a logarithm of its share.",
    hint="Add 5 to all logits of a row: the shares stay the same. Does your loss?",
)
def logit_of_the_label_alone(logits, labels):
    logits, labels = np.array(logits, dtype=float), np.array(labels).astype(int)
    return -np.mean(logits[np.arange(len(labels)), labels])
