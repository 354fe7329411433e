"""Calls at the same moment, from one Web Connector or from two, on real threads and on both databases."""

from collections import Counter

from centerpoint.quickbooks.models import ConnectorSession, Exchange, Pairing, Posting
from centerpoint.quickbooks.posting_states import State

from .conftest import customers_added


def handed_out():
    """Each posting and how many exchanges of writes carry it."""
    steps = Exchange.objects.filter(writes=True).values_list("step", flat=True)
    return Counter(sent["posting"] for step in steps for sent in step["sent"])


def test_two_connectors_on_one_file_are_never_handed_the_same_work(at_once, business, make_connector):
    for _ in range(30):
        business.company()
    texts, seen = [], []

    def connect(ticket):
        def run():
            connector = make_connector(ticket)
            if connector.log_in():
                texts.append(connector.request())

        return run

    at_once([connect(f"ticket {number}") for number in range(4)])
    at_once([lambda: seen.append((handed_out(), Counter(Posting.objects.values_list("state", flat=True))))])

    ((carried, states),) = seen
    assert set(carried.values()) == {1}
    assert states[State.SENT] + states.get(State.UNKNOWN, 0) == len(carried)
    assert sum(text != "" for text in texts) >= 1


def test_the_same_question_twice_at_once_gets_the_same_text(at_once, business, connector):
    business.company()
    texts, exchanges = [], []
    at_once([connector.log_in])

    at_once([lambda: texts.append(connector.request()) for _ in range(4)])
    at_once([lambda: exchanges.append(Exchange.objects.count())])

    assert len(texts) == 4
    assert len(set(texts)) == 1
    assert exchanges == [1]


def test_the_same_answer_twice_at_once_is_taken_once_and_gets_the_same_number(at_once, business, connector):
    business.company("Oak Hills")
    percents, seen = [], []
    texts = []
    at_once([connector.log_in])
    at_once([lambda: texts.append(connector.request())])
    answer = customers_added(texts[0])

    at_once([lambda: percents.append(connector.receive(answer)) for _ in range(4)])
    at_once(
        [lambda: seen.append((Pairing.objects.count(), ConnectorSession.objects.get().objects_sent))],
    )

    assert percents == [100] * 4
    assert seen == [(1, 1)]


def test_a_log_in_between_two_questions_ends_the_older_session_in_a_sentence(
    at_once, business, make_connector
):
    for _ in range(3):
        business.company()
    old, new = make_connector("old"), make_connector("new")
    at_once([old.log_in])
    texts = []

    at_once([lambda: texts.append(("old", old.request())), lambda: texts.append(("new", new.log_in()))])
    at_once(
        [lambda: texts.append(("old again", old.request())), lambda: texts.append(("said", old.last_error()))]
    )

    said = dict(texts)
    assert said["new"] is True
    assert said["old again"] == ""
    assert "another Web Connector run took over" in said["said"]
