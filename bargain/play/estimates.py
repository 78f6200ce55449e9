"""What a policy's model makes of the offers so far, learned once an offer."""

from __future__ import annotations

import numpy as np

from bargain.errors import UnsupportedProblemError
from bargain.play.models import Estimate, LearningModel, OpponentModel
from bargain.play.models.model import estimated
from bargain.play.turn import Turn


def estimate_at(turn: Turn, model: OpponentModel) -> Estimate:
    """Return what a model estimates from all offers the party has received.

    What has been learned is kept in `turn.memory`, for each model by itself. With more than two
    parties the others are taken for one.
    """
    space, received = turn.view.space, turn.received
    if space is None:
        raise UnsupportedProblemError.at("an opponent model", "a view of outcomes", "levels")
    # by identity, as models need not be hashable; the model is kept, so that its id stays its own
    key = ("estimate", id(model))
    _, learned, known, estimate = turn.memory.get(key, (model, -1, None, None))
    if learned == len(received):
        found: Estimate = estimate
        return found
    times = turn.times[turn.received_rounds].tolist()
    if isinstance(model, LearningModel):
        if learned < 0:
            learned, known = 0, model.start(space)
        new = turn.view.issue_values.digits[received[learned:]].tolist()
        for positions, time in zip(new, times[learned:], strict=True):
            known = model.learned(known, positions, time)
        found = model.read(space, known)
    else:
        rows = turn.view.space_rows(np.array(received, dtype=np.int64)).tolist()
        found = estimated(model, space, rows, times)
    turn.memory[key] = (model, len(received), known, found)
    return found
