"""The one place of defaults: `jianwei.toml` + environment (`JIANWEI_*`) → one validated `Settings`.

Secrets come from the environment or a file path only and are never part of `Settings.digest()`.
"""

import difflib
import hashlib
import os
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from signals.errors import SettingsError


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LinkingSettings(Section):
    """Linking reports to issues; similarities are cosines against chance (`signals/linking/chance.py`), ≥ 0."""

    join_similarity: float = Field(0.14, ge=0, le=1)  # mean similarity to an issue's members needed to join it
    matter_similarity: float = Field(0.2, ge=0, le=1)  # of what is said apart from where, to be of one matter
    raised_similarity: float = Field(0.15, ge=0, le=1)  # the same, to a matter that is rising city-wide
    merge_similarity: float = Field(0.12, ge=0, le=1)  # mean similarity between issues needed to merge them
    together_similarity: float = Field(0.055, ge=0, le=1)  # the same, between issues that rose in the same days
    latent_weight: float = Field(0.03, ge=0, le=1)  # of what texts mean (`linking/latent.py`) beside words
    max_document_share: float = Field(0.3, gt=0, le=1)  # tokens in more texts than this say nothing
    body_characters: int = Field(300, ge=1)  # of a body that linking reads
    other_place: float = Field(0.65, gt=0, le=1)  # what a similarity is worth between places that disagree wholly
    same_wording: float = Field(0.22, gt=0)  # of texts about places that disagree: beyond it, one wording used twice
    other_town: float = Field(0.5, gt=0, le=1)  # what a similarity is worth between two known, different towns
    same_place: float = Field(0.3, gt=0, le=1)  # mean cosine of places from which they agree wholly
    memory_days: int = Field(365, ge=30)  # members older than this no longer vote
    merge_days: int = Field(120, ge=7)  # issues active within this many days may merge


class DetectorSettings(Section):
    """The budget of false alerts; see `signals/detector/`."""

    false_alerts_per_day: float | None = Field(None, gt=0, le=50)  # budget B; unset: 0.6, more if large, less if new
    inflation: float = Field(1.2, ge=1, le=2)  # of the expected mean
    guard_days: int = Field(14, ge=0)  # left out of the baseline
    baseline_days: int = Field(364, ge=28)  # the past that a baseline looks at
    voice_days: int = Field(90, ge=1)  # one person counts once per issue in so many days
    near_copy_similarity: float = Field(0.85, ge=0, le=1)  # above it a text repeats an earlier one
    live_days: int = Field(120, ge=14)  # issues active within this many days are watched
    quiet_days: int = Field(42, ge=1)  # after so many quiet days an issue may alert again


class LevelSettings(Section):
    """The default rule of levels (see docs/glossary.md), and the hours to answer by level."""

    red_points: float = 80  # red from so many points, together with one of the next two
    red_complainants: int = 20  # distinct, in the last 120 days
    red_households: int = 100  # the largest group that a report states
    orange_points: float = 60  # orange from so many points
    orange_areas: int = 2  # or from so many districts
    yellow_points: float = 40  # yellow from so many points
    yellow_complainants: int = 5  # or from so many distinct complainants
    read_at_hour: int = Field(8, ge=0, le=23)  # local hour at which alerts are read the next morning
    hours: dict[str, int] = {"red": 1, "orange": 48, "yellow": 24, "blue": 24}  # to the first answer, by level


class ThemeSettings(Section):
    """Themes and their encoder."""

    encoder: str = "static"  # "static" = fitted on the site's own corpus; else a path or name of a model
    dimensions: int = Field(256, ge=16)  # of the static encoder
    epochs: int = Field(8, ge=1)  # of its training
    min_theme_size: int = Field(25, ge=2)  # reports; smaller clusters are no theme
    min_similarity: float = Field(0.25, ge=-1, le=1)  # below it a report has no theme
    min_reports: int = Field(200, ge=50)  # fewer are not fitted
    max_reports: int = Field(40_000, ge=200)  # the newest so many are fitted
    seed: int = 7  # of all chance in fitting


class Settings(Section):
    """Everything that can be set. Unknown keys are refused with a suggestion."""

    folder: Path = Path("var")  # all working files
    warehouse: Path | None = None  # default: folder / jianwei.duckdb
    city: str = "440700"  # adcode of the city
    city_name: str = "江门市"  # as the digest prints it
    gazetteer: Path | None = None  # csv of areas; default: the shipped Jiangmen one
    map_geojson: Path | None = None  # the site's own map for the board; default: tiles
    wait_seconds: float = Field(30.0, gt=0)  # for a warehouse in use
    processes: int = Field(0, ge=0, le=64)  # that redact the rows of a large file; 0: as many as there are cores
    retention_months: int = Field(24, ge=14)  # of report texts; jianwei purge removes older ones
    backup_days: float = Field(7, gt=0)  # without a backup after which jianwei doctor asks for one
    demo: bool = False  # the demo may run without the site's key
    min_cell: int = Field(5, ge=5)  # statistics hide cells with fewer distinct complainants
    columns: dict[str, dict[str, str]] = {}  # [columns.petition] 标题列 = "title"
    offices: dict[str, list[str]] = {}  # office → its aliases (for about_office)
    oidc_claim: str = "preferred_username"  # of a sign-in through OIDC: the claim that names the account
    units: dict[str, str] = {}  # category or word in it → unit that owns it
    answer_days: dict[str, int] = {"petition": 60, "hotline": 15, "grid": 15}  # overdue after so many days
    linking: LinkingSettings = LinkingSettings()
    detector: DetectorSettings = DetectorSettings()
    levels: LevelSettings = LevelSettings()
    themes: ThemeSettings = ThemeSettings()

    @property
    def warehouse_path(self) -> Path:
        return self.warehouse or self.folder / "jianwei.duckdb"

    @property
    def models_folder(self) -> Path:
        return self.folder / "models"

    @property
    def digests_folder(self) -> Path:
        return self.folder / "digests"

    @property
    def audit_folder(self) -> Path:
        return self.folder / "audit"

    @property
    def accounts_path(self) -> Path:
        return self.folder / "accounts.json"

    @property
    def backups_folder(self) -> Path:
        return self.folder / "backups"

    def digest(self) -> str:
        """A short hash of all settings that can change a result."""
        text = self.model_dump_json(exclude=_OF_THE_SITE)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


_OF_THE_SITE = {"folder", "warehouse", "map_geojson", "wait_seconds", "processes", "retention_months", "backup_days",
                "oidc_claim"}  # fmt: skip


def load_settings(path: Path | None = None, *, overrides: dict[str, object] | None = None) -> Settings:
    """Read settings from a TOML file, then the environment, then `overrides`; the later wins.

    path: default `JIANWEI_SETTINGS`, else ./jianwei.toml where present. `JIANWEI_DETECTOR__INFLATION=1.3` sets a
    value of a section. Raises SettingsError naming the key, with the nearest known key.
    """
    path = path or (Path(env) if (env := os.environ.get("JIANWEI_SETTINGS")) else None)
    values: dict[str, object] = {}
    if path is None and Path("jianwei.toml").is_file():
        path = Path("jianwei.toml")
    if path is not None:
        if not path.is_file():
            raise SettingsError(f"{path}: 没有这个设置文件。请检查路径或 JIANWEI_SETTINGS。")
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: 不是有效的 TOML（{error}）。请改正后重试。") from error
    for name, text in os.environ.items():
        if name.startswith("JIANWEI_") and name not in RESERVED and not name.startswith("JIANWEI_BENCH_"):
            _put(values, name.removeprefix("JIANWEI_").lower().split("__"), text)
    for dotted, value in (overrides or {}).items():
        _put(values, dotted.split("."), value)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_explain(error, path)) from error


# Environment names that are not settings: secrets and the place of the settings file.
RESERVED = frozenset({"JIANWEI_SETTINGS", "JIANWEI_COMPLAINANT_KEY", "JIANWEI_COMPLAINANT_KEY_FILE"})


def complainant_key() -> SecretStr | None:
    """The site's key for complainant hashes, from the environment or the file it names; None when unset."""
    if text := os.environ.get("JIANWEI_COMPLAINANT_KEY"):
        return SecretStr(text)
    if path := os.environ.get("JIANWEI_COMPLAINANT_KEY_FILE"):
        if not Path(path).is_file():
            raise SettingsError(f"JIANWEI_COMPLAINANT_KEY_FILE: 没有文件 {path}。请改正路径。")
        return SecretStr(Path(path).read_text("utf-8").strip())
    return None


def _put(values: dict[str, object], keys: list[str], value: object) -> None:
    for key in keys[:-1]:
        inner = values.setdefault(key, {})
        if not isinstance(inner, dict):
            raise SettingsError(f"{'.'.join(keys)}: {key} 不是一个小节。请检查设置名。")
        values = inner
    values[keys[-1]] = value


def _explain(error: ValidationError, path: Path | None) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    prefix = f"{path}: " if path else ""
    if first["type"] == "extra_forbidden":
        section: type[BaseModel] = Settings
        for part in first["loc"][:-1]:
            kind = section.model_fields[str(part)].annotation
            section = kind if isinstance(kind, type) and issubclass(kind, BaseModel) else Settings
        near = difflib.get_close_matches(str(first["loc"][-1]), list(section.model_fields), n=1)
        hint = f"是不是 {near[0]}？" if near else f"可用的有：{'、'.join(section.model_fields)}。"
        return f"{prefix}{where}: 没有这个设置。{hint}"
    expected = EXPECTED.get(first["type"], first["msg"]).format(**first.get("ctx", {}))
    return f"{prefix}{where}: 值不合要求；得到 {first['input']!r}；{expected}。请改正。"


EXPECTED = {  # what pydantic refuses a value for → what we say
    "greater_than": "应大于 {gt}", "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}", "less_than_equal": "应不大于 {le}",
    "int_parsing": "应为整数", "int_type": "应为整数", "int_from_float": "应为整数",
    "float_parsing": "应为数字", "float_type": "应为数字", "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "string_type": "应为文字", "path_type": "应为路径", "dict_type": "应为一个小节", "model_type": "应为一个小节",
    "list_type": "应为列表",
}  # fmt: skip
