"""PURE: what was sent beside what QuickBooks holds. An element that `content` does not name is not ours."""

from collections.abc import Set

from centerpoint.quickbooks.mapping.facts import Content, Difference


def differences(content: Content, there: Content) -> tuple[Difference, ...]:
    if content.items() <= there.items():  # nearly always, and known without a look at each
        return ()
    return tuple(
        Difference(field=element, ours=value, theirs=there.get(element, ""))
        for element, value in content.items()
        if there.get(element, "") != value
    )


def changed(content: Content, agreed: Content) -> frozenset[str]:
    """The elements whose value is another than both sides last agreed on."""
    return frozenset(difference.field for difference in differences(content, agreed))


def touches(changed_elements: Set[str], element: str) -> bool:
    """Whether the element, or one inside it, is among them."""
    return any(each == element or each.startswith(f"{element}.") for each in changed_elements)
