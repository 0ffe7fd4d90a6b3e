"""The site's own map (`map_geojson`): which of its features is which district or town. Nothing is guessed.

A feature says what it is by the code of its district, or by its name; a town also by the code of its district (the
first six digits of its own) or the name of the district where several share its name.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import cos, isfinite, radians
from pathlib import Path
from typing import Any

from signals.errors import SettingsError
from signals.gazetteer import Gazetteer, Place

CODES = ("adcode", "code", "区划代码", "行政区划代码")
NAMES = ("name", "NAME", "名称")
DISTRICTS = ("district", "区县", "所属区县")
LARGEST_MEGABYTES = 5  # every browser gets the whole of it
KINDS = {"Polygon": 2, "MultiPolygon": 3}  # how deep lists of points lie

Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """The outline of one place, and where its name is written."""

    geometry: dict[str, Any]
    middle: Point


@dataclass(frozen=True)
class Shapes:
    """The outlines of places, and the features that are none of the gazetteer's."""

    by_place: Mapping[Place, Shape] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()


def load_shapes(path: Path, gazetteer: Gazetteer) -> Shapes:
    """Read the site's GeoJSON. Raises SettingsError naming the file and the feature."""
    try:
        stat = path.stat()
        if stat.st_size > LARGEST_MEGABYTES * 1_000_000:
            raise SettingsError(
                f"{path}: 地图文件有 {stat.st_size / 1e6:.1f} MB；应不超过 {LARGEST_MEGABYTES} MB，"
                "因为每次打开都要整份发给浏览器。请简化边界后重试。"
            )
        return _read(path, stat.st_mtime_ns, gazetteer)
    except (OSError, ValueError, OverflowError, RecursionError) as error:
        raise SettingsError(
            f"{path}: 地图读不出（{error}）。请检查 map_geojson，文件须为 UTF-8 的 GeoJSON。"
        ) from error


@lru_cache(maxsize=2)
def _read(path: Path, changed: int, gazetteer: Gazetteer) -> Shapes:
    found = json.loads(path.read_text("utf-8-sig"))
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        raise SettingsError(f"{path}: 不是 FeatureCollection。请从制图软件导出 GeoJSON 的要素集合。")
    placed: dict[Place, int] = {}
    unmatched, points = [], {}
    for number, feature in enumerate(features, start=1):
        told = _properties(feature)
        called = f"第 {number} 个要素 {_first(told, NAMES)[:20] or '（没有名称）'}"
        place = _place(told, gazetteer)
        if place is None:
            unmatched.append(f"{called}（{_first(told, CODES)[:12] or '没有代码'}）")
            continue
        if place in placed:
            raise SettingsError(
                f"{path}: {called}与第 {placed[place]} 个要素是同一个地方。请合成一个 MultiPolygon，或改正代码。"
            )
        placed[place], points[place] = number, _geometry(feature, f"{path}: {called}")
    narrowing = _narrowing([point for geometry in points.values() for point in _points(geometry["coordinates"])])
    return Shapes({place: _shape(geometry, narrowing) for place, geometry in points.items()}, tuple(unmatched))


def _properties(feature: object) -> dict[str, str]:
    """The properties as text; a number like 440703.0 as its digits."""
    if not isinstance(feature, dict):
        return {}
    own = feature.get("properties")
    told = {"code": feature.get("id", "")} | (own if isinstance(own, dict) else {})
    return {
        str(name): str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
        for name, value in told.items()
        if isinstance(value, str | int | float)
    }


def _first(told: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((told[name] for name in names if told.get(name)), "")


def _place(told: Mapping[str, str], gazetteer: Gazetteer) -> Place | None:
    code, name = _first(told, CODES), _first(told, NAMES)
    is_code = code.isdecimal() and len(code) >= 6
    within = code[:6] if is_code else _first(told, DISTRICTS)
    area = gazetteer.locate(district=within).area
    if within and not area:
        return None
    if is_code and not code[6:].strip("0"):
        return Place(area)
    if name and (whole := gazetteer.locate(district=name).area) and area in ("", whole):
        return Place(whole)
    place = gazetteer.locate(district=area, town=name)
    return place if place.town else None


def _geometry(feature: dict[str, Any], where: str) -> dict[str, Any]:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in KINDS:
        raise SettingsError(f"{where} 的图形是 {kind}；应为 Polygon 或 MultiPolygon。请改正这个要素。")
    if not _is_deep(geometry.get("coordinates"), KINDS[kind]):
        raise SettingsError(f"{where} 的坐标不是一圈圈的点；每圈至少 4 个点，每个点是两个数。请改正这个要素。")
    return {"type": kind, "coordinates": geometry["coordinates"]}


def _is_deep(values: object, depth: int) -> bool:
    """Whether lists of points lie so deep, none of them empty."""
    if not isinstance(values, list) or not values:
        return False
    if depth > 1:
        return all(_is_deep(value, depth - 1) for value in values)
    return len(values) >= 4 and all(
        isinstance(point, list) and [isinstance(n, int | float) and isfinite(n) for n in point[:2]] == [True, True]
        for point in values
    )


def _points(values: list[Any]) -> Iterator[Point]:
    if isinstance(values[0], list):
        for value in values:
            yield from _points(value)
    else:
        yield (values[0], values[1])


def _narrowing(points: list[Point]) -> float:
    """How much narrower a degree of longitude is than one of latitude; 1 where coordinates are no degrees."""
    if not points or max(abs(x) for x, _ in points) > 180 or max(abs(y) for _, y in points) > 90:
        return 1.0
    return cos(radians((min(y for _, y in points) + max(y for _, y in points)) / 2))


def _shape(geometry: dict[str, Any], narrowing: float) -> Shape:
    def narrowed(values: list[Any]) -> list[Any]:
        if isinstance(values[0], list):
            return [narrowed(value) for value in values]
        return [round(values[0] * narrowing, 5), round(values[1], 5)]

    coordinates = narrowed(geometry["coordinates"])
    outer = [coordinates[0]] if geometry["type"] == "Polygon" else [polygon[0] for polygon in coordinates]
    return Shape({"type": geometry["type"], "coordinates": coordinates}, _middle(max(outer, key=_twice_area)))


def _twice_area(ring: list[list[float]]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)))


def _middle(ring: list[list[float]]) -> Point:
    """The middle of the box around a ring."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
