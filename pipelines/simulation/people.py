"""Users: seats in teams with the people who hold them one after the other, managers, and their skill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulation import parameters as p
from pipelines.simulation.arrays import NEVER, NONE, Bools, Floats, Ints, pick, stream
from pipelines.simulation.setting import Wanted

HEAD, DIRECTOR, MANAGER, REP = 0, 1, 2, 3
ROLES = (
    "销售总经理 Head of sales",
    "大区总监 Regional director",
    "销售经理 Sales manager",
    "销售工程师 Sales engineer",
)


@dataclass(frozen=True)
class People:
    """Users of one part of the company, and who held which seat.

    `seat_*` has one entry per seat; a seat has at most two holders, the second from `seat_change` on.
    `moves` are dated changes of team or manager: (user, day, team, manager).
    """

    roles: Ints
    teams: Ints
    managers: Ints
    hired: Ints
    left: Ints
    skill: Floats
    names: Ints
    seat_teams: Ints
    seat_first: Ints
    seat_second: Ints
    seat_change: Ints
    moves: tuple[Ints, Ints, Ints, Ints]

    def holder(self, seats: Ints, days: Ints) -> Ints:
        """The user who holds a seat on a day."""
        return np.where(days >= self.seat_change[seats], self.seat_second[seats], self.seat_first[seats])

    def seat_for(self, rng: np.random.Generator, teams: Ints) -> Ints:
        """A seat of each team."""
        order = np.argsort(self.seat_teams, kind="stable")
        counts = np.bincount(self.seat_teams, minlength=len(p.TEAMS))
        firsts = np.cumsum(counts) - counts
        seats: Ints = order[firsts[teams] + np.floor(rng.random(len(teams)) * counts[teams]).astype(np.int64)]
        return seats


def make_people(wanted: Wanted, chunk: int, scale: float) -> People:
    """The sales force of one part: 0 is its head, then directors, managers of teams, reps by seat."""
    rng = stream(wanted.seed, "people", chunk)
    teams = len(p.TEAMS)
    seats = max(p.SMALLEST_SEATS, round(p.SEATS * scale))
    seat_teams = np.sort(
        np.concatenate(
            [np.arange(teams), np.arange(teams), pick(rng, seats - 2 * teams, [share for *_, share in p.TEAMS])]
        )
    )
    leavers = np.sort(rng.choice(seats, max(2, round(p.LEAVERS * seats)), replace=False))
    changed = wanted.first + rng.integers(90, max(91, wanted.last - wanted.first - 60), len(leavers))
    first_rep = 3 + teams + 1
    seat_first = first_rep + np.arange(seats)
    seat_second, seat_change = seat_first.copy(), np.full(seats, NEVER)
    seat_second[leavers] = first_rep + seats + np.arange(len(leavers))
    seat_change[leavers] = changed

    # the third team's manager leaves half-way; his successor is the last of the managers
    successor, changed_team = 3 + teams, 2
    handover = (wanted.first + wanted.last) // 2
    roles = np.concatenate(
        [[HEAD, DIRECTOR, DIRECTOR], np.full(teams + 1, MANAGER), np.full(seats + len(leavers), REP)]
    )
    user_teams = np.concatenate([[NONE] * 3, np.arange(teams), [changed_team], seat_teams, seat_teams[leavers]])
    managers = np.concatenate(
        [
            [NONE, 0, 0],
            np.where(np.arange(teams) == p.OVERSEAS_TEAM, 2, 1),
            [1],
            3 + seat_teams,
            3 + seat_teams[leavers],
        ]
    )
    n = len(roles)
    hired = wanted.first - rng.integers(200, 2400, n)
    left = np.full(n, NEVER)
    hired[first_rep + seats :] = changed - rng.integers(0, 20, len(leavers))
    left[first_rep + leavers] = changed - 1
    hired[successor], left[3 + changed_team] = handover - 15, handover - 1

    in_team = np.flatnonzero((roles == REP) & (user_teams == changed_team) & (left >= handover))
    moves = [
        (
            in_team,
            np.maximum(handover, hired[in_team]),
            np.full(len(in_team), changed_team),
            np.full(len(in_team), successor),
        )
    ]
    mover = first_rep + int(np.flatnonzero(seat_teams == 0)[0])
    if left[mover] > wanted.last:
        moved_on = wanted.first + (wanted.last - wanted.first) // 3
        moves.append((np.array([mover]), np.array([moved_on]), np.array([1]), np.array([4])))
    mover_users, moved_days, new_teams, new_managers = (np.concatenate(parts) for parts in zip(*moves, strict=True))
    skill = rng.normal(0, p.SKILL_SIGMA, n)
    names = rng.integers(0, 2**31, n)
    return People(
        roles,
        user_teams,
        managers,
        hired,
        left,
        skill,
        names,
        seat_teams,
        seat_first,
        seat_second,
        seat_change,
        (mover_users, moved_days, new_teams, new_managers),
    )


def is_employed(people: People, users: Ints, days: Ints) -> Bools:
    """Whether users worked here on days."""
    found: Bools = (people.hired[users] <= days) & (people.left[users] >= days)
    return found
