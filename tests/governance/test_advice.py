"""Who should be involved where: the rules by which an assessment proposes letters."""

from governance import advice
from governance.advice import Member, Need
from governance.skills import Skill

ADA, BEN, CAT = Member(1, "Ada", 8), Member(2, "Ben", 2), Member(3, "Cat", 2)
GROUP = [ADA, BEN, CAT]
ABLE = {(1, 5): Skill(5, "confirmed"), (2, 5): Skill(4, "self"), (3, 5): Skill(2, "confirmed")}


def told(need, group=GROUP, skills=ABLE):
    return [(one.holder, one.letters, one.rule, one.reason) for one in advice.drawn([need], group, skills)]


def need(held=(), **more):
    return Need(100, 5, "Train people", 3, dict(held), **more)


def test_who_is_able_and_carries_least_is_proposed_where_nobody_does_it():
    assert told(need({"person-9": "A"})) == [
        (
            "person-2",
            "R",
            "responsible",
            "Nobody is responsible for it. Ben is at level 4, 3 is needed, "
            "and carries the fewest letters of the 2 who are able (2).",
        )
    ]


def test_letters_proposed_already_count_as_carried():
    needs = [Need(system, 5, "Train people", 3, {"person-9": "A"}) for system in range(100, 109)]
    assert [one.holder for one in advice.drawn(needs, GROUP, ABLE)] == [
        *["person-2"] * 6,
        "person-1",
        "person-2",
        "person-1",
    ]


def test_nobody_is_proposed_who_is_not_able():
    assert told(need({"person-9": "A"}), skills={(3, 5): Skill(2, "self"), (1, 5): Skill(7, "expired")}) == []


def test_the_owner_answers_where_nobody_does_whatever_their_skill():
    assert told(need({"person-2": "R", "person-1": "R"}, owner=CAT, leads="Sales")) == [
        (
            "person-3",
            "A",
            "accountable",
            "Nobody is accountable for it. Cat leads Sales, which owns the system.",
        )
    ]


def test_an_owner_who_is_best_for_it_is_proposed_for_both_letters():
    (one,) = told(need(owner=BEN))
    assert one[:3] == ("person-2", "RA", "responsible")


def test_who_is_consulted_and_proposed_to_do_it_is_consulted_no_longer():
    (one,) = advice.drawn([need({"person-9": "A", "person-2": "C"})], GROUP, ABLE)
    assert (one.letters, one.wanted({"person-9": "A", "person-2": "C"})) == ("R", {(5, "person-2"): "R"})


def test_somebody_able_is_proposed_beside_those_who_are_not():
    (one,) = told(need({"person-3": "RA"}))
    assert one == (
        "person-2",
        "R",
        "skill",
        "Responsible is Cat at level 2; 3 is needed. Ben is at 4 and can show it.",
    )


def test_a_level_nobody_knows_is_no_reproach():
    assert told(need({"person-3": "RA"}), skills={(2, 5): Skill(4, "self")}) == []
    assert told(need({"function-7": "R", "person-9": "A"})) == []


def test_who_carries_more_than_half_gives_some_to_who_is_able():
    busy = [Member(1, "Ada", 30), Member(2, "Ben", 4), Member(3, "Cat", 2)]
    held = {"person-1": "RA"}
    (one,) = advice.drawn([need(held)], busy, ABLE)
    assert (one.holder, one.letters, one.rule, one.instead_of) == ("person-2", "R", "overload", "person-1")
    assert one.wanted(held) == {(5, "person-2"): "R", (5, "person-1"): "A"}
    assert one.reason == (
        "Ada holds 30 letters R and A, more than half of the function’s. Ben has the skill and holds 4."
    )
    needs = [Need(system, 5, "Train people", 3, held) for system in range(100, 120)]
    assert len(advice.drawn(needs, busy, ABLE)) == advice.RELIEVED


def test_two_people_always_share_unequally():
    assert advice.overloaded([Member(1, "Ada", 30), Member(2, "Ben", 4)]) == frozenset()


def test_who_gives_data_is_asked_and_who_gets_data_is_told():
    given = need(
        {"person-9": "RA", "function-8": "I"},
        feeds=((6, "Sales"),),
        receives=((6, "Sales"), (7, "Finance"), (8, "Legal")),
    )
    assert [one[:3] for one in told(given, group=[])] == [
        ("function-6", "C", "feeds"),
        ("function-7", "I", "receives"),
    ]


def test_a_proposal_rests_on_whose_letter_it_is_and_who_has_the_same():
    held = {"person-2": "C", "person-9": "A", "person-8": "R"}
    one = advice.Proposed(100, 5, "person-2", "R", "skill", "")
    assert one.basis(held) == {"person-2": "C", "person-8": "R"}


def test_being_asked_rests_on_nobody_else_who_is_asked():
    one = advice.Proposed(100, 5, "function-6", "C", "feeds", "")
    assert one.basis({"function-7": "C", "person-9": "RA"}) == {}
