"""Known wrong ways to write the functions of unit 4."""

from __future__ import annotations

import math

import numpy as np

from autograder.misconception import about

from .inputs import in_unit_interval as _in_unit_interval
from .inputs import pair as _pair
from .reference import sigmoid as _sigmoid


def _given(y, z):
    """What a student's validation does who got that part right."""
    y, z = _pair(y, z, ("y", "z"))
    _in_unit_interval(y, "y")
    return y, z


def _softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


sigmoid = about("sigmoid")


@sigmoid(
    believes="The sign in the exponent does not matter.",
    hint="What should happen to the probability when z grows? Try z = 1 and z = 2.",
)
def falling_sigmoid(z):
    return 1 / (1 + np.exp(np.asarray(z, dtype=float)))


@sigmoid(
    believes="tanh, moved into [0, 1], is the same curve.",
    hint="Both curves have an S shape. Compare their slopes at 0: one is twice as steep.",
)
def tanh_without_half(z):
    return (np.tanh(np.asarray(z, dtype=float)) + 1) / 2


@sigmoid(
    believes="The sigmoid is tanh.",
    hint="A probability is never negative. What does your function say at z = -1?",
)
def tanh_itself(z):
    return np.tanh(np.asarray(z, dtype=float))


@sigmoid(
    believes="A straight piece between 0 and 1 is close enough.",
    hint="Your curve reaches 0 and 1 at a finite z. The sigmoid never does; check z = 3.",
)
def hard_sigmoid(z):
    return np.clip(0.2 * np.asarray(z, dtype=float) + 0.5, 0, 1)


@sigmoid(
    believes="z / (1 + |z|), moved into [0, 1], is the sigmoid.",
    hint="Turn a result back with log(p / (1 - p)). Is it the logit that you put in?",
)
def softsign(z):
    z = np.asarray(z, dtype=float)
    return 0.5 + 0.5 * z / (1 + np.abs(z))


@sigmoid(
    believes="The derivative p(1 - p) is the function.",
    hint="At z = 0 a probability of one half is right. What do you return there, and what is its name?",
)
def derivative_of_sigmoid(z):
    p = _sigmoid(z)
    return p * (1 - p)


@sigmoid(
    believes="The logarithm of the probability is meant.",
    hint="The result should lie between 0 and 1. Where did a logarithm come in?",
)
def log_of_sigmoid(z):
    return -_softplus(-np.asarray(z, dtype=float))


@sigmoid(
    believes="Any base will do for the exponential.",
    hint="Logits in this course are natural log-odds. Which base belongs to the natural logarithm?",
)
def base_two(z):
    return 1 / (1 + np.exp2(-np.asarray(z, dtype=float)))


@sigmoid(
    believes="Entries share the probability among them, as in softmax.",
    hint="Each logit is its own yes-or-no question. Does your result for one entry depend on the others?",
)
def softmax_instead(z):
    e = np.exp(np.asarray(z, dtype=float) - np.max(z))
    return e / e.sum()


@sigmoid(
    believes="Probabilities are rounded to a sensible number of decimals.",
    hint="Where do the later digits go? Round where you print, never where you compute.",
)
def rounded_probability(z):
    return np.round(_sigmoid(z), 4)


@sigmoid(
    believes="exp(z) / (1 + exp(z)) is safe for every z.",
    hint="What is exp(1000), and what is inf / inf? For which sign of z does that happen?",
    breaks="numerical",
)
def inf_over_inf(z):
    e = np.exp(np.asarray(z, dtype=float))
    return e / (1 + e)


@sigmoid(
    believes="math.exp behaves like np.exp.",
    hint="math.exp raises OverflowError where np.exp says inf. When does the exponent get large and positive?",
    breaks="numerical",
)
def overflow_error(z):
    return np.vectorize(lambda value: 1 / (1 + math.exp(-float(value))), otypes=[float])(z)


@sigmoid(
    believes="Logits beyond ±20 may as well be ±20.",
    hint="sigmoid(-20) is 2e-9. Is that within 1e-12 of sigmoid(-30)?",
    breaks="numerical",
)
def clipped_logits(z):
    return 1 / (1 + np.exp(-np.clip(np.asarray(z, dtype=float), -20, 20)))


@sigmoid(
    believes="A probability has to be kept 1e-7 away from 0 and 1.",
    hint="That is a decision about a loss, made in the wrong place. Look at your result for z = -25.",
    breaks="numerical",
)
def clipped_probabilities(z):
    return np.clip(_sigmoid(z), 1e-7, 1 - 1e-7)


@sigmoid(
    believes="NumPy computes in float64 whatever came in.",
    hint="Print (-z).dtype and np.exp(-z).dtype for z = np.array([3], dtype=np.uint8).",
    breaks="numerical",
)
def in_the_type_given(z):
    z = np.asarray(z)
    return 1 / (1 + np.exp(0 - z))


@sigmoid(
    believes="float32 is precise enough.",
    hint="Compare your result at z = -2 with 1 / (1 + math.exp(2)), to 12 decimals. Which digits differ?",
    breaks="numerical",
)
def computed_in_float32(z):
    return np.asarray(_sigmoid(z)).astype(np.float32)


@sigmoid(
    believes="z always has one dimension.",
    hint="What is len() of a single number? And what is the shape of your result for a 2-D z?",
    breaks="contract",
)
def one_dimension_only(z):
    return np.array([_sigmoid(z[i]) for i in range(len(z))]).ravel()


@sigmoid(
    believes="Flattening first makes the rest easier and does no harm.",
    hint="Compare z.shape before with the result's shape after.",
    breaks="contract",
)
def flattened(z):
    return _sigmoid(np.ravel(z))


@sigmoid(
    believes="Computing in place only saves memory.",
    hint="Print the caller's z before and after the call.",
    breaks="contract",
)
def sigmoid_in_place(z):
    p = z if isinstance(z, np.ndarray) and z.dtype == float and z.ndim else np.array(z, dtype=float)
    p[...] = _sigmoid(p)
    return p


@sigmoid(
    believes="ReLU and sigmoid are both activations, and either will do.",
    hint="What does your function return for z = 3? Is that a probability?",
)
def relu_instead(z):
    return np.maximum(0.0, np.asarray(z, dtype=float))


@sigmoid(
    believes="The denominator is 1 minus an exponential.",
    hint="What does your function return for z = 0? A probability lies between 0 and 1.",
)
def minus_in_the_denominator(z):
    return 1 / (1 - np.exp(-np.asarray(z, dtype=float)))


@sigmoid(
    believes="The answer is the class: 1 above 0, and 0 below.",
    hint="How sure is your function at z = 0.1, and how sure at z = 10? Should it be the same?",
)
def class_instead_of_probability(z):
    return (np.asarray(z, dtype=float) > 0) * 1.0


bce_with_logits = about("bce_with_logits")


@bce_with_logits(
    believes="z is already a probability.",
    hint="A logit of 3 is not a probability. Which function turns it into one?",
)
def logits_taken_for_probabilities(y, z):
    y, z = _given(y, z)
    p = np.clip(z, 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@bce_with_logits(
    believes="The loss is the sum over all entries.",
    hint="Give your function the same data twice. Should the loss double?",
)
def sum_of_losses(y, z):
    y, z = _given(y, z)
    return np.sum(_softplus(z) - y * z)


@bce_with_logits(
    believes="One loss for each entry is wanted.",
    hint="The result is one number for the whole data set.",
)
def one_loss_per_entry(y, z):
    y, z = _given(y, z)
    return _softplus(z) - y * z


@bce_with_logits(
    believes="exp(|z|) is right in the stable formula.",
    hint="An exponent with a plus sign grows. Work the formula out at z = 5, y = 1: the cost must be small.",
)
def missing_minus_sign(y, z):
    y, z = _given(y, z)
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(np.abs(z))))


@bce_with_logits(
    believes="The labels' term is added.",
    hint="A positive z is good news for a label of 1. Does your loss get smaller there? Follow its sign everywhere.",
)
def plus_y_z(y, z):
    y, z = _given(y, z)
    return np.mean(_softplus(z) + y * z)


@bce_with_logits(
    believes="Only entries with label 1 cost something.",
    hint="Try labels that are all 0. A confident forecast of 1 must cost a lot there.",
)
def ones_only(y, z):
    y, z = _given(y, z)
    return np.mean(y * _softplus(-z))


@bce_with_logits(
    believes="The class of label 1 is the one whose logit is negative.",
    hint="Try y = 1 with z = 3, then with z = -3. Which of the two should cost more?",
)
def classes_swapped(y, z):
    y, z = _given(y, z)
    return np.mean(_softplus(z) - (1 - y) * z)


@bce_with_logits(
    believes="The formula for labels -1 and 1 holds for 0 and 1, too.",
    hint="What does your formula make of z when the label is 0?",
)
def labels_of_plus_and_minus_one(y, z):
    y, z = _given(y, z)
    return np.mean(_softplus(-y * z))


@bce_with_logits(
    believes="Only max(z, 0) - yz matters; the logarithm is a detail.",
    hint="An undecided logit of 0 costs log 2. What do you charge for it?",
)
def hinge_only(y, z):
    y, z = _given(y, z)
    return np.mean(np.maximum(z, 0) - y * z)


@bce_with_logits(
    believes="The logarithm to base 2 is meant.",
    hint="An undecided logit costs 0.6931 nats. In which unit is your result?",
)
def logits_in_bits(y, z):
    y, z = _given(y, z)
    return np.mean(_softplus(z) - y * z) / np.log(2)


@bce_with_logits(
    believes="A soft label is rounded to 0 or 1 first.",
    hint="Compare your results for labels 0.6 and 0.9. The doctors did not agree equally in both.",
)
def labels_rounded(y, z):
    y, z = _given(y, z)
    return np.mean(_softplus(z) - np.round(y) * z)


@bce_with_logits(
    believes="The squared error of the probabilities is a cross-entropy.",
    hint="What do you charge for z = -10 when the label is 1? It should be about 10.",
)
def squared_error_of_probabilities(y, z):
    y, z = _given(y, z)
    return np.mean((_sigmoid(z) - y) ** 2)


@bce_with_logits(
    believes="First the probability, then the logarithm: the way on paper is the way in code.",
    hint="What is sigmoid(40) in float64, and what is the logarithm of what is left?",
    breaks="numerical",
)
def through_the_probability(y, z):
    y, z = _given(y, z)
    p = _sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@bce_with_logits(
    believes="A clip at 1e-7 cures the infinite loss.",
    hint="A clip gives every large logit the same cost. What should z = -30 and z = -300 cost?",
    breaks="numerical",
)
def clipped_probability(y, z):
    y, z = _given(y, z)
    p = np.clip(_sigmoid(z), 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@bce_with_logits(
    believes="A clip at the float64 eps is small enough not to be seen.",
    hint="A cost of 36.04 is that clip, not the data. What should z = -1000 cost?",
    breaks="numerical",
)
def clipped_at_eps(y, z):
    y, z = _given(y, z)
    eps = np.finfo(float).eps
    p = np.clip(_sigmoid(z), eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@bce_with_logits(
    believes="No logarithm needs to go below -100, as in a well known library.",
    hint="What do your losses at z = -200 and z = -2000 have in common?",
    breaks="numerical",
)
def logarithms_stop_at_100(y, z):
    y, z = _given(y, z)
    return np.mean(y * np.minimum(_softplus(-z), 100) + (1 - y) * np.minimum(_softplus(z), 100))


@bce_with_logits(
    believes="log(1 + exp(z)) is safe because it contains no division.",
    hint="What is exp(1000)? The logarithm comes too late.",
    breaks="numerical",
)
def log_of_one_plus_exp(y, z):
    y, z = _given(y, z)
    return np.mean(np.log1p(np.exp(z)) - y * z)


@bce_with_logits(
    believes="nan and inf may be replaced by ordinary numbers at the end.",
    hint="Which number did the nan stand for? Work the loss out on paper for z = 1000, y = 0.",
    breaks="numerical",
)
def nan_to_number(y, z):
    y, z = _given(y, z)
    p = _sigmoid(z)
    with np.errstate(all="ignore"):
        loss = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return np.mean(np.nan_to_num(loss, nan=0.0, posinf=0.0))


@bce_with_logits(
    believes="Whatever y is, the formula gives a loss.",
    hint="Try y = 2 with z = 10, then with z = 100. Where is the minimum of that loss?",
    breaks="contract",
)
def any_label_accepted(y, z):
    y, z = _pair(y, z, ("y", "z"))
    return np.mean(_softplus(z) - y * z)


@bce_with_logits(
    believes="Labels are 0 or 1, nothing between.",
    hint="The loss of a soft label is derived in section 7, and no step there needs y to be 0 or 1.",
)
def soft_labels_refused(y, z):
    y, z = _given(y, z)
    if not np.isin(y, (0, 1)).all():
        raise ValueError("hard labels only")
    return np.mean(_softplus(z) - y * z)


@bce_with_logits(
    believes="NumPy refuses shapes that do not fit.",
    hint="What is the shape of y - z when y has shape (3,) and z has shape (3, 1)?",
    breaks="contract",
)
def shapes_not_compared(y, z):
    y, z = np.asarray(y, dtype=float), np.asarray(z, dtype=float)
    _in_unit_interval(y, "y")
    return np.mean(_softplus(z) - y * z)


@bce_with_logits(
    believes="A loss function hands back its gradient as well.",
    hint="Read in the docstring what is returned: one number, or two things?",
)
def loss_and_gradient(y, z):
    y, z = _given(y, z)
    return np.mean(_softplus(z) - y * z), (_sigmoid(z) - y) / len(y)


@bce_with_logits(
    believes="The size of the logit stands beside the label.",
    hint="Compute one entry by hand with y = 1 and z = -2. Where does the sign of z go in your function?",
)
def label_times_size(y, z):
    y, z = _given(y, z)
    return np.mean(np.maximum(z, 0) - y * np.abs(z) + np.log1p(np.exp(-np.abs(z))))


@bce_with_logits(
    believes="The labels may be rewritten to -1 and 1 where they are.",
    hint="Print y before and after the call. Whose array did you rewrite?",
    breaks="contract",
)
def labels_rewritten_in_place(y, z):
    _given(y, z)
    if isinstance(y, np.ndarray) and y.dtype == np.float64:
        y *= 2
        y -= 1
        signed = y
    else:
        signed = 2 * np.array(y, dtype=float) - 1
    z = np.array(z, dtype=float)
    return np.mean((1 + signed) / 2 * _softplus(-z) + (1 - signed) / 2 * _softplus(z))


bce_grad_logits = about("bce_grad_logits")


@bce_grad_logits(
    believes="The gradient of the sum is the gradient of the mean.",
    hint="Move one logit by 0.01 and watch the mean loss. How much less does it move when n is larger?",
)
def gradient_of_the_sum(y, z):
    y, z = _given(y, z)
    return _sigmoid(z) - y


@bce_grad_logits(
    believes="The gradient points where the loss falls.",
    hint="For y = 1 a larger z lowers the loss. Is a slope downhill positive or negative?",
)
def sign_reversed(y, z):
    y, z = _given(y, z)
    return (y - _sigmoid(z)) / y.size


@bce_grad_logits(
    believes="The error is logit minus label.",
    hint="y is a probability and z is none. Which of the two do you have to convert?",
)
def logit_minus_label(y, z):
    y, z = _given(y, z)
    return (z - y) / y.size


@bce_grad_logits(
    believes="The derivative with respect to p is the gradient.",
    hint="That is the first link of the chain. How does p change when z does?",
)
def stopped_at_p(y, z):
    y, z = _given(y, z)
    p = _sigmoid(z)
    return (p - y) / (p * (1 - p)) / y.size


@bce_grad_logits(
    believes="The slope of the sigmoid, p(1 - p), still has to be multiplied in.",
    hint="In the derivation p(1 - p) met its own reciprocal. What was left?",
)
def slope_of_sigmoid_twice(y, z):
    y, z = _given(y, z)
    p = _sigmoid(z)
    return (p - y) * p * (1 - p) / y.size


@bce_grad_logits(
    believes="A factor of 2 belongs to every gradient of a loss.",
    hint="A factor of 2 comes from a square. Is there a square in BCE?",
)
def factor_of_two(y, z):
    y, z = _given(y, z)
    return 2 * (_sigmoid(z) - y) / y.size


@bce_grad_logits(
    believes="A gradient is one number.",
    hint="There is one slope for each logit. How many logits are there?",
)
def mean_gradient(y, z):
    y, z = _given(y, z)
    return np.mean(_sigmoid(z) - y)


@bce_grad_logits(
    believes="Only entries with label 1 have a slope.",
    hint="What should happen to a confident forecast of 1 when the label is 0?",
)
def slope_of_ones_only(y, z):
    y, z = _given(y, z)
    return -y * (1 - _sigmoid(z)) / y.size


@bce_grad_logits(
    believes="The gradient compares the predicted class with the label.",
    hint="Two forecasts of 0.51 and 0.99 deserve different slopes. Where is the probability rounded?",
)
def predicted_class(y, z):
    y, z = _given(y, z)
    return ((z > 0) - y) / y.size


@bce_grad_logits(
    believes="The mean of n entries is divided by n - 1.",
    hint="By what does your function divide for two entries, and by what for three?",
)
def divided_by_n_minus_1(y, z):
    y, z = _given(y, z)
    with np.errstate(all="ignore"):
        return (_sigmoid(z) - y) / np.float64(y.size - 1)


@bce_grad_logits(
    believes="exp(z) / (1 + exp(z)) is safe for every z.",
    hint="What is exp(1000), and what is inf / inf?",
    breaks="numerical",
)
def gradient_through_inf(y, z):
    y, z = _given(y, z)
    e = np.exp(z)
    return (e / (1 + e) - y) / y.size


@bce_grad_logits(
    believes="The chain rule is programmed link by link.",
    hint="One link divides by p(1 - p), which is 0 in float64 from z = 37 on. Cancel on paper first.",
    breaks="numerical",
)
def chain_without_cancelling(y, z):
    y, z = _given(y, z)
    p = _sigmoid(z)
    return (-y / p + (1 - y) / (1 - p)) * p * (1 - p) / y.size


@bce_grad_logits(
    believes="Clipping z to ±10 keeps the gradient stable and changes nothing.",
    hint="Beyond a clip nothing moves. Compare your gradient at z = 12, y = 1 with sigmoid(12) - 1.",
    breaks="numerical",
)
def gradient_at_clipped_logits(y, z):
    y, z = _given(y, z)
    return np.where(np.abs(z) > 10, 0.0, _sigmoid(z) - y) / y.size


@bce_grad_logits(
    believes="Whatever y is, p - y is the gradient.",
    hint="For labels -1 and 1 another formula holds. Ask about the range of y.",
    breaks="contract",
)
def gradient_for_any_label(y, z):
    y, z = _pair(y, z, ("y", "z"))
    return (_sigmoid(z) - y) / y.size


@bce_grad_logits(
    believes="NumPy refuses shapes that do not fit.",
    hint="What is the shape of p - y when y has shape (3,) and z has shape (3, 1)?",
    breaks="contract",
)
def gradient_of_any_shape(y, z):
    y, z = np.asarray(y, dtype=float), np.asarray(z, dtype=float)
    _in_unit_interval(y, "y")
    return (_sigmoid(z) - y) / y.size


@bce_grad_logits(
    believes="Turning z into p in place is a harmless saving.",
    hint="Print the caller's z after the call.",
    breaks="contract",
)
def gradient_in_place(y, z):
    _given(y, z)
    if isinstance(z, np.ndarray) and z.dtype == float:
        z[...] = _sigmoid(z)
        return (z - np.asarray(y, dtype=float)) / z.size
    return (_sigmoid(z) - np.asarray(y, dtype=float)) / len(z)


mse_grad_logits = about("mse_grad_logits")


@mse_grad_logits(
    believes="The gradient of the sum is the gradient of the mean.",
    hint="Move one logit by 0.01 and watch the mean loss. How much less does it move when n is larger?",
)
def squares_summed(y, z):
    y, z = _given(y, z)
    p = _sigmoid(z)
    return 2 * (p - y) * p * (1 - p)


@mse_grad_logits(
    believes="A square's derivative needs no factor of 2.",
    hint="What is the derivative of e² with respect to e?",
)
def factor_of_two_missing(y, z):
    y, z = _given(y, z)
    p = _sigmoid(z)
    return (p - y) * p * (1 - p) / y.size


@mse_grad_logits(
    believes="The derivative with respect to p is the gradient.",
    hint="That is the first link of the chain. How does p change when z does?",
)
def squares_stopped_at_p(y, z):
    y, z = _given(y, z)
    return 2 * (_sigmoid(z) - y) / y.size


@mse_grad_logits(
    believes="The gradient of BCE serves for both losses.",
    hint="In BCE the slope of the sigmoid cancelled. Does it cancel here?",
)
def gradient_of_bce(y, z):
    y, z = _given(y, z)
    return (_sigmoid(z) - y) / y.size


@mse_grad_logits(
    believes="The prediction is z itself, as in linear regression.",
    hint="The squared error is between y and a probability. Which function is between z and that?",
)
def squares_of_logits(y, z):
    y, z = _given(y, z)
    return 2 * (z - y) / y.size


@mse_grad_logits(
    believes="The gradient points where the loss falls.",
    hint="For y = 1 a larger z lowers the loss. Is a slope downhill positive or negative?",
)
def squares_sign_reversed(y, z):
    y, z = _given(y, z)
    p = _sigmoid(z)
    return 2 * (y - p) * p * (1 - p) / y.size


@mse_grad_logits(
    believes="The slope of the sigmoid is z(1 - z).",
    hint="The rule p(1 - p) is written in terms of the output. What do you put in?",
)
def slope_in_terms_of_z(y, z):
    y, z = _given(y, z)
    return 2 * (_sigmoid(z) - y) * z * (1 - z) / y.size


@mse_grad_logits(
    believes="The slope of the sigmoid is p.",
    hint="Compare with a central difference of the sigmoid at z = 2. One factor is missing.",
)
def slope_is_p(y, z):
    y, z = _given(y, z)
    p = _sigmoid(z)
    return 2 * (p - y) * p / y.size


@mse_grad_logits(
    believes="The loss is the root of the mean square.",
    hint="The contract names the mean of (sigmoid(z) - y)², without a root.",
)
def gradient_of_rmse(y, z):
    y, z = _given(y, z)
    p = _sigmoid(z)
    return (p - y) * p * (1 - p) / y.size / np.sqrt(np.mean((p - y) ** 2))


@mse_grad_logits(
    believes="A gradient is one number.",
    hint="There is one slope for each logit. How many logits are there?",
)
def squares_mean_gradient(y, z):
    y, z = _given(y, z)
    p = _sigmoid(z)
    return np.mean(2 * (p - y) * p * (1 - p))


@mse_grad_logits(
    believes="Only the size of the error matters.",
    hint="Your slopes all have the same sign. Then every logit would be moved the same way.",
)
def absolute_error_in_slope(y, z):
    y, z = _given(y, z)
    p = _sigmoid(z)
    return 2 * np.abs(p - y) * p * (1 - p) / y.size


@mse_grad_logits(
    believes="exp(z) / (1 + exp(z)) is safe for every z.",
    hint="What is exp(1000), and what is inf / inf?",
    breaks="numerical",
)
def squares_through_inf(y, z):
    y, z = _given(y, z)
    e = np.exp(z)
    p = e / (1 + e)
    return 2 * (p - y) * p * (1 - p) / y.size


@mse_grad_logits(
    believes="A probability has to be kept 1e-7 away from 0 and 1.",
    hint="No logarithm is taken here, so nothing needs a clip. What does it do to a slope of 1e-8?",
    breaks="numerical",
)
def slope_with_clip(y, z):
    y, z = _given(y, z)
    p = np.clip(_sigmoid(z), 1e-7, 1 - 1e-7)
    return 2 * (p - y) * p * (1 - p) / y.size


@mse_grad_logits(
    believes="Whatever y is, the formula gives a gradient.",
    hint="Ask about the range of y: -1 is not a probability.",
    breaks="contract",
)
def squares_for_any_label(y, z):
    y, z = _pair(y, z, ("y", "z"))
    p = _sigmoid(z)
    return 2 * (p - y) * p * (1 - p) / y.size


@mse_grad_logits(
    believes="nan in the data is the caller's problem.",
    hint="A nan in z becomes a nan in the gradient, and soon all weights are nan. The helper vectors sees it.",
    breaks="contract",
)
def nan_accepted(y, z):
    y, z = np.array(y, dtype=float), np.array(z, dtype=float)
    if y.shape != z.shape or y.ndim != 1 or not y.size or (y < 0).any() or (y > 1).any():
        raise ValueError("bad input")
    p = 1 / (1 + np.exp(-z))
    return 2 * (p - y) * p * (1 - p) / y.size


@mse_grad_logits(
    believes="The slope of the sigmoid is p squared.",
    hint="Where is the sigmoid steepest: in the middle, or far to the right? And what does your factor say?",
)
def slope_is_p_squared(y, z):
    y, z = _given(y, z)
    p = _sigmoid(z)
    return 2 * (p - y) * p * p / len(y)
