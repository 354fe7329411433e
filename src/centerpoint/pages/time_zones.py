"""Time zones to choose from: those of the United States first, as most contractors need no other."""

import zoneinfo
from functools import lru_cache

_FIRST = (
    ("America/New_York", "Eastern (New York)"),
    ("America/Chicago", "Central (Chicago)"),
    ("America/Denver", "Mountain (Denver)"),
    ("America/Phoenix", "Mountain without daylight saving (Phoenix)"),
    ("America/Los_Angeles", "Pacific (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Puerto_Rico", "Atlantic (Puerto Rico)"),
)


@lru_cache(maxsize=1)
def time_zones() -> list[tuple[str, str | list[tuple[str, str]]]]:
    named = {name for name, _ in _FIRST}
    others = sorted(name for name in zoneinfo.available_timezones() if "/" in name and name not in named)
    return [*_FIRST, ("Others", [(name, name.replace("_", " ")) for name in others])]
