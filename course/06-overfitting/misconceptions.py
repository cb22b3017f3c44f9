"""What goes wrong in unit 6: statistics of the wrong rows, epochs off by one, gaps without margin, rows half equal."""

from __future__ import annotations

import numpy as np

from autograder.misconception import about

from . import reference as right

standardize_from_train = about("standardize_from_train")


@standardize_from_train(
    believes="Each table is scaled with its own mean and standard deviation.",
    hint="Shift all validation rows by 100: does your result notice? It should.",
)
def each_with_its_own_statistics(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    spread = np.where(train.std(axis=0) == 0, 1, train.std(axis=0))
    own = np.where(val.std(axis=0) == 0, 1, val.std(axis=0))
    return (train - train.mean(axis=0)) / spread, (val - val.mean(axis=0)) / own


@standardize_from_train(
    believes="The mean and the deviation come from all rows together.",
    hint="A validation row that is far out must not change the training rows. Does it?",
)
def statistics_of_both_tables(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    both = np.concatenate([train, val])
    spread = np.where(both.std(axis=0) == 0, 1, both.std(axis=0))
    return (train - both.mean(axis=0)) / spread, (val - both.mean(axis=0)) / spread


@standardize_from_train(
    believes="The standard deviation divides by n − 1.",
    hint="Try two training rows, 0 and 2: after scaling they should be -1 and 1.",
)
def sample_deviation(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    spread = train.std(axis=0, ddof=1)
    spread = np.where(spread == 0, 1, spread)
    return (train - train.mean(axis=0)) / spread, (val - train.mean(axis=0)) / spread


@standardize_from_train(
    believes="One mean and one deviation serve the whole table.",
    hint="A column in metres and one in grams: should one number scale both? Look at what axis does.",
)
def one_number_for_all_columns(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    return (train - train.mean()) / (train.std() or 1), (val - train.mean()) / (train.std() or 1)


@standardize_from_train(
    believes="Dividing by the variance makes the spread 1.",
    hint="What is the standard deviation of your scaled training column? It should be 1.",
)
def divided_by_the_variance(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    spread = np.where(train.var(axis=0) == 0, 1, train.var(axis=0))
    return (train - train.mean(axis=0)) / spread, (val - train.mean(axis=0)) / spread


@standardize_from_train(
    believes="Scaling to the range from 0 to 1 is the same thing.",
    hint="A standardised training column has the mean 0. Which mean has yours?",
)
def scaled_to_the_range(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    low, width = train.min(axis=0), np.ptp(train, axis=0)
    width = np.where(width == 0, 1, width)
    return (train - low) / width, (val - low) / width


@standardize_from_train(
    believes="Only the training rows need scaling; the validation rows stay as they are, so that nothing leaks.",
    hint="A model that learnt on scaled rows meets the validation rows next. In which unit does it expect them?",
)
def validation_left_alone(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    spread = np.where(train.std(axis=0) == 0, 1, train.std(axis=0))
    return (train - train.mean(axis=0)) / spread, val


@standardize_from_train(
    believes="Taking the mean away is all there is to it.",
    hint="The mean is 0 now. What about the spread?",
)
def only_centred(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    return train - train.mean(axis=0), val - train.mean(axis=0)


@standardize_from_train(
    believes="Each row is scaled on its own.",
    hint="The unit belongs to the column. Which axis runs down a column?",
)
def along_the_rows(X_train, X_val):
    scaled = []
    for table in (np.array(X_train, dtype=float), np.array(X_val, dtype=float)):
        spread = table.std(axis=1, keepdims=True)
        scaled.append((table - table.mean(axis=1, keepdims=True)) / np.where(spread == 0, 1, spread))
    return scaled[0], scaled[1]


@standardize_from_train(
    believes="Every column varies.",
    hint="Try a column that is 5 in every training row.",
    breaks="numerical",
)
def constant_column_divided_by_zero(X_train, X_val):
    right.standardize_from_train(X_train, X_val)
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    return (train - train.mean(axis=0)) / train.std(axis=0), (val - train.mean(axis=0)) / train.std(axis=0)


@standardize_from_train(
    believes="The deviation of a constant column is exactly 0.",
    hint="Print np.std([0.1] * 6). Which other question tells you that a column is constant?",
    breaks="numerical",
)
def exact_zero_expected(X_train, X_val):
    right.standardize_from_train(X_train, X_val)
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    spread = np.where(train.std(axis=0) == 0, 1, train.std(axis=0))
    return (train - train.mean(axis=0)) / spread, (val - train.mean(axis=0)) / spread


@standardize_from_train(
    believes="A tiny deviation is a rounding error, so the column is constant.",
    hint="Measure the same column in light-years. Does it stop varying? Ask about its minimum and its maximum.",
    breaks="numerical",
)
def tiny_taken_for_constant(X_train, X_val):
    right.standardize_from_train(X_train, X_val)
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    spread = np.where(train.std(axis=0) < 1e-8, 1, train.std(axis=0))
    return (train - train.mean(axis=0)) / spread, (val - train.mean(axis=0)) / spread


@standardize_from_train(
    believes="A small number in the denominator does no harm.",
    hint="With a little something added, is a constant column still divided by 1?",
    breaks="numerical",
)
def small_number_added_to_the_deviation(X_train, X_val):
    right.standardize_from_train(X_train, X_val)
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    spread = train.std(axis=0) + 1e-12
    return (train - train.mean(axis=0)) / spread, (val - train.mean(axis=0)) / spread


@standardize_from_train(
    believes="The variance is the mean of the squares minus the squared mean, on a computer, too.",
    hint="Try a column around a hundred million with a spread of 3. How many digits of the squares are left?",
    breaks="numerical",
)
def difference_of_large_squares(X_train, X_val):
    right.standardize_from_train(X_train, X_val)
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    mean = train.mean(axis=0)
    spread = np.sqrt(np.maximum(np.mean(train**2, axis=0) - mean**2, 0))
    spread = np.where(train.min(axis=0) == train.max(axis=0), 1, spread)
    return (train - mean) / spread, (val - mean) / spread


@standardize_from_train(
    believes="The caller's table may be scaled in place.",
    hint="Print your input before and after the call.",
    breaks="contract",
)
def scaled_in_place(X_train, X_val):
    result = right.standardize_from_train(X_train, X_val)
    for given, scaled in zip((X_train, X_val), result, strict=True):
        if isinstance(given, np.ndarray) and given.dtype.kind == "f":
            given[...] = scaled
    return result


@standardize_from_train(
    believes="If the columns do not fit, NumPy will complain.",
    hint="Try two columns of training rows and one of validation rows. Does NumPy complain?",
    breaks="contract",
)
def broadcast_columns(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(train.min(axis=0) == train.max(axis=0), 1, spread)
    return (train - mean) / spread, (val - mean) / spread


@standardize_from_train(
    believes="The numbers come from the rows that are judged.",
    hint="Which rows does the model see while it learns? Only these may decide how anything is scaled.",
)
def statistics_of_the_validation_rows(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    with np.errstate(all="ignore"):
        return (train - val.mean(axis=0)) / val.std(axis=0), (val - val.mean(axis=0)) / val.std(axis=0)


early_stopping = about("early_stopping")


@early_stopping(
    believes="The best epoch is the smallest loss of the whole list.",
    hint="Put a very small loss after the stop. Could training ever have reached it?",
)
def best_of_all_epochs(val_losses, patience, min_delta=0.0):
    losses = list(map(float, val_losses))
    best, wait = float("inf"), 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, wait = loss, 0
        else:
            wait += 1
            if wait >= patience:
                return losses.index(min(losses)), epoch
    return losses.index(min(losses)), len(losses) - 1


@early_stopping(
    believes="Training stops after more than `patience` epochs without improvement.",
    hint="With a patience of 1, how many epochs without improvement may there be?",
)
def one_epoch_too_patient(val_losses, patience, min_delta=0.0):
    best, best_epoch, wait = float("inf"), 0, 0
    for epoch, loss in enumerate(map(float, val_losses)):
        if loss < best - min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait > patience:
                return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


@early_stopping(
    believes="Training stops when one more bad epoch would exhaust patience.",
    hint="Patience 2 allows two epochs without improvement, and stops at the second. At which do you stop?",
)
def one_epoch_too_hasty(val_losses, patience, min_delta=0.0):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(map(float, val_losses)):
        if loss < best - min_delta:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience - 1:
            return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


@early_stopping(
    believes="The epochs without improvement are counted over the whole run.",
    hint="After an improvement, how much patience is left?",
)
def counter_never_reset(val_losses, patience, min_delta=0.0):
    best, best_epoch, wait = float("inf"), 0, 0
    for epoch, loss in enumerate(map(float, val_losses)):
        if loss < best - min_delta:
            best, best_epoch = loss, epoch
        else:
            wait += 1
            if wait >= patience:
                return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


@early_stopping(
    believes="Improvement means better than the epoch before.",
    hint="Losses 0.5, 0.9, 0.8, 0.7: has any of the last three improved on the best?",
)
def compared_with_the_epoch_before(val_losses, patience, min_delta=0.0):
    losses = list(map(float, val_losses))
    best_epoch, wait = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[epoch - 1] - min_delta:
            wait = 0
        else:
            wait += 1
        if losses[epoch] < losses[best_epoch]:
            best_epoch = epoch
        if wait >= patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


@early_stopping(
    believes="An equal loss is an improvement, too.",
    hint="Losses that stay the same for ever: should training go on for ever?",
)
def equal_counts_as_improvement(val_losses, patience, min_delta=0.0):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(map(float, val_losses)):
        if loss <= best - min_delta:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


@early_stopping(
    believes="Epochs are counted from 1.",
    hint="Which epoch is the best one in a list with a single loss? The course counts from 0.",
)
def counted_from_one(val_losses, patience, min_delta=0.0):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(map(float, val_losses), start=1):
        if loss < best - min_delta:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(val_losses)


@early_stopping(
    believes="A larger value is better, as with accuracy.",
    hint="Is a falling validation loss good news or bad news?",
)
def larger_is_better(val_losses, patience, min_delta=0.0):
    best, best_epoch = -float("inf"), 0
    for epoch, loss in enumerate(map(float, val_losses)):
        if loss > best + min_delta:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


@early_stopping(
    believes="min_delta makes no difference worth writing.",
    hint="Which line of your function reads min_delta?",
)
def min_delta_ignored(val_losses, patience, min_delta=0.0):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(map(float, val_losses)):
        if loss < best:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


@early_stopping(
    believes="The bar moves with every smaller loss, even if it was too small a step to count.",
    hint="Let the loss fall by half of min_delta each epoch. Two such steps together are an improvement.",
)
def bar_follows_every_step(val_losses, patience, min_delta=0.0):
    lowest, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(map(float, val_losses)):
        if loss < lowest - min_delta:
            best_epoch = epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
        lowest = min(lowest, loss)
    return best_epoch, len(val_losses) - 1


@early_stopping(
    believes="The stop is the epoch after the best one plus patience, whether the list is that long or not.",
    hint="Can training stop at an epoch that was never run?",
)
def stop_beyond_the_end(val_losses, patience, min_delta=0.0):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(map(float, val_losses)):
        if loss < best - min_delta:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            break
    return best_epoch, best_epoch + patience


@early_stopping(
    believes="No loss is above 1, so 1 is a safe start.",
    hint="Try losses of 300, 200, 100. What is the first one compared with?",
    breaks="numerical",
)
def starts_from_a_large_number(val_losses, patience, min_delta=0.0):
    right.early_stopping(val_losses, patience, min_delta)
    best, best_epoch, wait = 1e6, 0, 0
    for epoch, loss in enumerate(map(float, val_losses)):
        if loss < best - min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


@early_stopping(
    believes="The difference of two losses is safe in their own type.",
    hint="What is np.uint8(100) - np.uint8(130)? Which type should the losses have before you subtract?",
    breaks="numerical",
)
def difference_in_the_given_type(val_losses, patience, min_delta=0.0):
    right.early_stopping(val_losses, patience, min_delta)
    losses = np.array(val_losses)
    best_epoch = 0
    for epoch in range(1, len(losses)):
        if losses[best_epoch] - losses[epoch] > min_delta:
            best_epoch = epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


@early_stopping(
    believes="A patience below 1 is the caller's problem.",
    hint="What does your function say to a patience of 0?",
    breaks="contract",
)
def any_patience(val_losses, patience, min_delta=0.0):
    return right.early_stopping(val_losses, max(patience, 1), min_delta)


@early_stopping(
    believes="A nan is skipped, since it improves nothing.",
    hint="A loss of nan means that training blew up. Should anybody use the epochs around it?",
    breaks="contract",
)
def nan_skipped(val_losses, patience, min_delta=0.0):
    losses = np.array(val_losses, dtype=float)
    return right.early_stopping(np.where(np.isnan(losses), 1e300, losses), patience, min_delta)


@early_stopping(
    believes="min_delta is added to the best loss.",
    hint="With a larger min_delta it should be harder to improve. Is it, in your function?",
)
def min_delta_added(val_losses, patience, min_delta=0.0):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(map(float, val_losses)):
        if loss < best + min_delta:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


@early_stopping(
    believes="Any change larger than min_delta is an improvement.",
    hint="What does your function do when the loss jumps up by a lot? Is that better or worse?",
)
def any_large_change(val_losses, patience, min_delta=0.0):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(map(float, val_losses)):
        if abs(loss - best) > min_delta:
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


@early_stopping(
    believes="min_delta is a share of the best loss.",
    hint="With a best loss of 0.5 and a min_delta of 0.25: which loss is an improvement, says the docstring?",
)
def min_delta_as_a_share(val_losses, patience, min_delta=0.0):
    best, best_epoch = float("inf"), 0
    for epoch, loss in enumerate(map(float, val_losses)):
        if loss < best * (1 - min_delta):
            best, best_epoch = loss, epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(val_losses) - 1


gap_interval = about("gap_interval")


@gap_interval(
    believes="The gap is training minus validation.",
    hint="If validation is worse, should the gap be positive or negative?",
)
def training_minus_validation(train_losses, val_losses, z=1.96):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = train.mean() - val.mean()
    margin = z * np.sqrt(train.var(ddof=1) / len(train) + val.var(ddof=1) / len(val))
    return gap, gap - margin, gap + margin


@gap_interval(
    believes="The variance of a sample divides by n.",
    hint="With three losses a side, compare your margin with the docstring: which ddof does it ask for?",
)
def population_variance(train_losses, val_losses, z=1.96):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = val.mean() - train.mean()
    margin = z * np.sqrt(train.var() / len(train) + val.var() / len(val))
    return gap, gap - margin, gap + margin


@gap_interval(
    believes="The margin is z standard deviations.",
    hint="Take the same losses ten times over. A mean of more samples is better known: does your margin shrink?",
)
def deviation_for_standard_error(train_losses, val_losses, z=1.96):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = val.mean() - train.mean()
    margin = z * np.sqrt(train.var(ddof=1) + val.var(ddof=1))
    return gap, gap - margin, gap + margin


@gap_interval(
    believes="Both sides have one common variance.",
    hint="Two quiet losses and forty noisy ones: does your margin know which side is the noisy one?",
)
def pooled_variance(train_losses, val_losses, z=1.96):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = val.mean() - train.mean()
    n, m = len(train), len(val)
    common = ((n - 1) * train.var(ddof=1) + (m - 1) * val.var(ddof=1)) / (n + m - 2)
    margin = z * np.sqrt(common * (1 / n + 1 / m))
    return gap, gap - margin, gap + margin


@gap_interval(
    believes="Only the validation mean is uncertain.",
    hint="Let the training losses be very noisy. Does your interval become wider?",
)
def validation_spread_only(train_losses, val_losses, z=1.96):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = val.mean() - train.mean()
    margin = z * np.sqrt(val.var(ddof=1) / len(val))
    return gap, gap - margin, gap + margin


@gap_interval(
    believes="Standard errors of two sides add up.",
    hint="Variances of independent means add up. Do their square roots?",
)
def standard_errors_added(train_losses, val_losses, z=1.96):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = val.mean() - train.mean()
    margin = z * (np.sqrt(train.var(ddof=1) / len(train)) + np.sqrt(val.var(ddof=1) / len(val)))
    return gap, gap - margin, gap + margin


@gap_interval(
    believes="The standard error is the sum of the variances over their numbers, without a root.",
    hint="In which unit is a variance, and in which is the gap?",
)
def root_forgotten(train_losses, val_losses, z=1.96):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = val.mean() - train.mean()
    margin = z * (train.var(ddof=1) / len(train) + val.var(ddof=1) / len(val))
    return gap, gap - margin, gap + margin


@gap_interval(
    believes="z is always 1.96.",
    hint="Which line of your function reads z?",
)
def z_ignored(train_losses, val_losses, z=1.96):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = val.mean() - train.mean()
    margin = 1.96 * np.sqrt(train.var(ddof=1) / len(train) + val.var(ddof=1) / len(val))
    return gap, gap - margin, gap + margin


@gap_interval(
    believes="The ends of the interval are the margin to each side of 0.",
    hint="Around which number does the interval lie?",
)
def interval_around_zero(train_losses, val_losses, z=1.96):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    margin = z * np.sqrt(train.var(ddof=1) / len(train) + val.var(ddof=1) / len(val))
    return val.mean() - train.mean(), -margin, margin


@gap_interval(
    believes="The variance is the mean of the squares minus the squared mean, on a computer, too.",
    hint="Try losses around a hundred million with a spread of 3. How many digits of the squares are left?",
    breaks="numerical",
)
def variance_of_large_squares(train_losses, val_losses, z=1.96):
    right.gap_interval(train_losses, val_losses, z)
    errors = []
    for losses in (np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)):
        n = len(losses)
        errors.append(max(np.mean(losses**2) - losses.mean() ** 2, 0) * n / (n - 1) / n)
    gap = np.mean(np.array(val_losses, dtype=float)) - np.mean(np.array(train_losses, dtype=float))
    return gap, gap - z * np.sqrt(sum(errors)), gap + z * np.sqrt(sum(errors))


@gap_interval(
    believes="The type of the losses does not matter.",
    hint="What is np.uint8(10) - np.uint8(200)? And the sum of many float16 numbers?",
    breaks="numerical",
)
def squares_in_the_given_type(train_losses, val_losses, z=1.96):
    gap, _, _ = right.gap_interval(train_losses, val_losses, z)
    errors = []
    for losses in (np.array(train_losses), np.array(val_losses)):
        off = losses - losses.dtype.type(losses.mean())
        errors.append(np.sum(off * off) / (len(losses) - 1) / len(losses))
    return gap, gap - z * np.sqrt(sum(errors)), gap + z * np.sqrt(sum(errors))


@gap_interval(
    believes="A single loss has a spread of 0.",
    hint="How sure can you be of a mean of one number?",
    breaks="contract",
)
def one_loss_is_enough(train_losses, val_losses, z=1.96):
    sides = [list(losses) * 2 if len(losses) == 1 else losses for losses in (train_losses, val_losses)]
    return right.gap_interval(*sides, z)


@gap_interval(
    believes="Losses that are nan can be left out.",
    hint="A nan says that something broke. Would you want to know?",
    breaks="contract",
)
def nan_left_out(train_losses, val_losses, z=1.96):
    sides = [np.array(losses, dtype=float) for losses in (train_losses, val_losses)]
    return right.gap_interval(*[side[~np.isnan(side)] if side.ndim == 1 else side for side in sides], z)


diagnose_gap = about("diagnose_gap")


@diagnose_gap(
    believes="Any validation loss above the training loss is a gap.",
    hint="Three noisy losses on each side: would the sign survive another three?",
)
def sign_without_margin(train_losses, val_losses, baseline):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    if val.mean() >= baseline:
        return "no-skill"
    if val.mean() > train.mean():
        return "gap"
    return "reversed-gap" if val.mean() < train.mean() else "no-clear-gap"


@diagnose_gap(
    believes="A validation loss of twice the training loss is a gap.",
    hint="Is twice a loss of 0.0001 a gap worth a name? Is 1.9 times none, with a million samples?",
)
def ratio_of_the_losses(train_losses, val_losses, baseline):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    if val.mean() >= baseline:
        return "no-skill"
    if val.mean() > 2 * train.mean():
        return "gap"
    return "reversed-gap" if 2 * val.mean() < train.mean() else "no-clear-gap"


@diagnose_gap(
    believes="The gap is asked about first, the baseline afterwards.",
    hint="Give the model a clear gap and a baseline that it does not reach. Which of the two would you fix first?",
)
def gap_before_skill(train_losses, val_losses, baseline):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = val.mean() - train.mean()
    margin = 1.96 * np.sqrt(train.var(ddof=1) / len(train) + val.var(ddof=1) / len(val))
    if gap - margin > 0:
        return "gap"
    if gap + margin < 0:
        return "reversed-gap"
    return "no-skill" if val.mean() >= baseline else "no-clear-gap"


@diagnose_gap(
    believes="The baseline is compared with the training loss.",
    hint="Skill is about rows that the model has not seen. Which of the two means is that?",
)
def skill_on_the_training_rows(train_losses, val_losses, baseline):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = val.mean() - train.mean()
    margin = 1.96 * np.sqrt(train.var(ddof=1) / len(train) + val.var(ddof=1) / len(val))
    if train.mean() >= baseline:
        return "no-skill"
    if gap - margin > 0:
        return "gap"
    return "reversed-gap" if gap + margin < 0 else "no-clear-gap"


@diagnose_gap(
    believes="A loss equal to the baseline is still skill.",
    hint="The constant reaches the baseline as well. What has the model added?",
)
def equal_to_the_baseline_is_skill(train_losses, val_losses, baseline):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = val.mean() - train.mean()
    margin = 1.96 * np.sqrt(train.var(ddof=1) / len(train) + val.var(ddof=1) / len(val))
    if val.mean() > baseline:
        return "no-skill"
    if gap - margin > 0:
        return "gap"
    return "reversed-gap" if gap + margin < 0 else "no-clear-gap"


@diagnose_gap(
    believes="A reversed gap cannot happen, so there is no word for it.",
    hint="Dropout is on while training and off while validating. Which loss is lower then?",
)
def no_reversed_gap(train_losses, val_losses, baseline):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = val.mean() - train.mean()
    margin = 1.96 * np.sqrt(train.var(ddof=1) / len(train) + val.var(ddof=1) / len(val))
    if val.mean() >= baseline:
        return "no-skill"
    return "gap" if gap - margin > 0 else "no-clear-gap"


@diagnose_gap(
    believes="A gap in either direction is a gap.",
    hint="Validation lower than training has other causes than validation higher. Keep the two apart.",
)
def size_of_the_gap_only(train_losses, val_losses, baseline):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = abs(val.mean() - train.mean())
    margin = 1.96 * np.sqrt(train.var(ddof=1) / len(train) + val.var(ddof=1) / len(val))
    if val.mean() >= baseline:
        return "no-skill"
    return "gap" if gap - margin > 0 else "no-clear-gap"


@diagnose_gap(
    believes="The variance of a sample divides by n.",
    hint="With three losses a side the divisor matters. Which ddof does gap_interval use?",
)
def margin_with_population_variance(train_losses, val_losses, baseline):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = val.mean() - train.mean()
    margin = 1.96 * np.sqrt(train.var() / len(train) + val.var() / len(val))
    if val.mean() >= baseline:
        return "no-skill"
    if gap - margin > 0:
        return "gap"
    return "reversed-gap" if gap + margin < 0 else "no-clear-gap"


@diagnose_gap(
    believes="One standard error is margin enough.",
    hint="How many standard errors does gap_interval take unless it is told otherwise?",
)
def one_standard_error(train_losses, val_losses, baseline):
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    gap = val.mean() - train.mean()
    margin = np.sqrt(train.var(ddof=1) / len(train) + val.var(ddof=1) / len(val))
    if val.mean() >= baseline:
        return "no-skill"
    if gap - margin > 0:
        return "gap"
    return "reversed-gap" if gap + margin < 0 else "no-clear-gap"


@diagnose_gap(
    believes="An interval that touches 0 excludes it.",
    hint="Try equal losses without any spread. Is there a gap?",
    breaks="numerical",
)
def zero_is_a_gap(train_losses, val_losses, baseline):
    right.diagnose_gap(train_losses, val_losses, baseline)
    _, low, high = right.gap_interval(train_losses, val_losses)
    if np.mean(np.array(val_losses, dtype=float)) >= baseline:
        return "no-skill"
    if low >= 0:
        return "gap"
    return "reversed-gap" if high <= 0 else "no-clear-gap"


@diagnose_gap(
    believes="Gap divided by standard error is always a number.",
    hint="What does your function divide by when neither side has any spread?",
    breaks="numerical",
)
def divided_by_the_standard_error(train_losses, val_losses, baseline):
    right.diagnose_gap(train_losses, val_losses, baseline)
    train, val = np.array(train_losses, dtype=float), np.array(val_losses, dtype=float)
    if val.mean() >= baseline:
        return "no-skill"
    error = np.sqrt(train.var(ddof=1) / len(train) + val.var(ddof=1) / len(val))
    score = (val.mean() - train.mean()) / (error if error > 0 else np.nan)
    if score > 1.96:
        return "gap"
    return "reversed-gap" if score < -1.96 else "no-clear-gap"


@diagnose_gap(
    believes="Any number is a baseline.",
    hint="What does your function say to a baseline of 0, and of nan?",
    breaks="contract",
)
def any_baseline(train_losses, val_losses, baseline):
    usable = baseline if np.isfinite(baseline) and baseline > 0 else 1e300
    return right.diagnose_gap(train_losses, val_losses, usable)


@diagnose_gap(
    believes="A negative baseline cannot be, but 0 and infinity may.",
    hint="Divide a loss by your baseline. For which baselines does that make no sense?",
    breaks="contract",
)
def only_negative_baselines_refused(train_losses, val_losses, baseline):
    if baseline < 0:
        raise ValueError("baseline")
    return right.diagnose_gap(train_losses, val_losses, baseline if 0 < baseline < np.inf else 1e300)


overlapping_rows = about("overlapping_rows")


@overlapping_rows(
    believes="The question is which training rows occur again.",
    hint="The indices are used to delete rows from one of the two tables. From which?",
)
def indices_of_the_training_rows(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    return [i for i, row in enumerate(train.tolist()) if row in val.tolist()]


@overlapping_rows(
    believes="One equal column makes two rows equal.",
    hint="Two patients of the same age are not one patient. How many columns must agree?",
)
def any_column(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    return [i for i, row in enumerate(val) if (train == row).any(axis=1).any()]


@overlapping_rows(
    believes="If every number of the row occurs somewhere in its column, the row occurs.",
    hint="Each column finds a partner, but is it the same training row for all of them?",
)
def each_column_on_its_own(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    return [i for i, row in enumerate(val) if (train == row).any(axis=0).all()]


@overlapping_rows(
    believes="Rows with the same numbers are equal in any order.",
    hint="Height 2 and weight 1 is not height 1 and weight 2.",
)
def order_of_columns_ignored(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    known = [sorted(row) for row in train.tolist()]
    return [i for i, row in enumerate(val.tolist()) if sorted(row) in known]


@overlapping_rows(
    believes="A row is compared with the training row of the same number.",
    hint="Shuffle the training rows: the leak is the same, and what does your function say?",
)
def same_place_only(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    return [i for i in range(min(len(train), len(val))) if (train[i] == val[i]).all()]


@overlapping_rows(
    believes="The number of rows in common is what is wanted.",
    hint="The docstring asks for positions. How many numbers come back when two rows are copies?",
)
def how_many(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    return sum(row in train.tolist() for row in val.tolist())


@overlapping_rows(
    believes="A mask of True and False is as good as indices.",
    hint="The docstring asks for positions. Which NumPy function finds where a mask is True?",
)
def mask_for_indices(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    return [int(row in train.tolist()) for row in val.tolist()]


@overlapping_rows(
    believes="The rows themselves are wanted.",
    hint="Return where they are, not what they are.",
)
def rows_for_indices(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    return [row for row in val.tolist() if row in train.tolist()]


@overlapping_rows(
    believes="A row that occurs twice is reported once.",
    hint="Both copies have seen the training table. Does your result list both?",
)
def repeated_rows_once(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    found, rows = [], []
    for i, row in enumerate(val.tolist()):
        if row in train.tolist() and row not in rows:
            found.append(i)
            rows.append(row)
    return found


@overlapping_rows(
    believes="Each partner is reported, so an index may come several times.",
    hint="A validation row with three copies in the training rows is still one row.",
)
def once_for_each_partner(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    return [i for row in train.tolist() for i, other in enumerate(val.tolist()) if row == other]


@overlapping_rows(
    believes="Rows that are close enough are equal.",
    hint="Which tolerance has np.isclose unless it is told otherwise? The docstring says equal.",
    breaks="numerical",
)
def close_is_equal(X_train, X_val):
    right.overlapping_rows(X_train, X_val)
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    return [i for i, row in enumerate(val) if np.isclose(train, row).all(axis=1).any()]


@overlapping_rows(
    believes="Equal rows have equal bytes.",
    hint="Compare the bytes of 0.0 and -0.0. Are the numbers equal?",
    breaks="numerical",
)
def bytes_compared(X_train, X_val):
    right.overlapping_rows(X_train, X_val)
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    known = {row.tobytes() for row in train}
    return [i for i, row in enumerate(val) if row.tobytes() in known]


@overlapping_rows(
    believes="No overlap is best answered with None.",
    hint="The caller will want to loop over your answer, also when nothing was found.",
    breaks="numerical",
)
def none_for_no_overlap(X_train, X_val):
    found = right.overlapping_rows(X_train, X_val)
    return found if len(found) else None


@overlapping_rows(
    believes="NumPy compares whatever it is given.",
    hint="Give your function tables with two columns and with one. What should it say?",
    breaks="contract",
)
def columns_not_compared(X_train, X_val):
    train, val = np.array(X_train, dtype=float), np.array(X_val, dtype=float)
    return np.array([i for i, row in enumerate(val) if (train == row).all(axis=-1).any()], dtype=int)


@overlapping_rows(
    believes="The rows may be sorted where they lie.",
    hint="Print your input before and after the call.",
    breaks="contract",
)
def sorted_in_place(X_train, X_val):
    result = right.overlapping_rows(X_train, X_val)
    X_train.sort(axis=0) if isinstance(X_train, np.ndarray) else X_train.sort()
    return result


@overlapping_rows(
    believes="The rows that are asked for are the new ones.",
    hint="Hand in the same table twice. Which rows overlap then, and which does your function return?",
)
def rows_that_are_new(X_train, X_val):
    found = set(right.overlapping_rows(X_train, X_val).tolist())
    return np.array([i for i in range(len(X_val)) if i not in found], dtype=int)
