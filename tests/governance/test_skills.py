"""Seven levels, who covers what, and where the corners of a radar are."""

from governance import radar, skills
from governance.skills import Duty, Phase, Skill

TRAIN, RUN, MEASURE = (
    Duty(1, "Train", "Implement", 3),
    Duty(2, "Operate", "Operate", 4),
    Duty(3, "Measure", "Improve", 2),
)
KNOWN = {
    (10, 1): Skill(5, "confirmed"),
    (11, 1): Skill(3, "self"),
    (10, 2): Skill(4, "confirmed"),
    (11, 2): Skill(3, "self"),
    (11, 3): Skill(6, "expired"),
}


def test_who_is_able_comes_before_who_is_near_and_the_best_first():
    told = [
        (one.able, one.near, one.best, one.words, one.tone) for one in skills.covered([TRAIN, RUN], [10, 11], KNOWN)
    ]
    assert told == [
        ((10, 11), (), 5, "2 able", "ok"),
        ((10,), (11,), 4, "Rests on one person", "attention"),
    ]


def test_what_is_out_of_date_counts_for_nothing():
    (told,) = skills.covered([MEASURE], [10, 11], KNOWN)
    assert (told.able, told.near, told.best, told.words, told.tone) == ((), (), 0, "Nobody is able", "danger")


def test_a_phase_is_the_mean_of_its_duties():
    admin = Duty(4, "Administer", "Operate", 3)
    assert skills.by_phase(skills.covered([TRAIN, RUN, admin, MEASURE], [10, 11], KNOWN)) == [
        Phase("Implement", 3.0, 5.0),
        Phase("Operate", 3.5, 2.0),
        Phase("Improve", 2.0, 0.0),
    ]
    assert [Phase("P", 3.5, 2.0).words, Phase("P", 3.0, 5.0).words] == ["1.5 short", "reached"]


def test_the_corners_of_a_radar_begin_at_the_top_and_go_round():
    assert radar.points([7, 7, 7, 7], 7) == "0,-40 40,0 0,40 -40,0"
    assert radar.points([3.5, 0, 7, 0], 7) == "0,-20 0,0 0,40 0,0"
    assert radar.webs(4, 2) == ["0,-40 40,0 0,40 -40,0", "0,-20 20,0 0,20 -20,0"]
    assert [(one.label, one.anchor) for one in radar.labels(["Plan", "Select", "Run", "Retire"])] == [
        ("Plan", "middle"),
        ("Select", "start"),
        ("Run", "middle"),
        ("Retire", "end"),
    ]
