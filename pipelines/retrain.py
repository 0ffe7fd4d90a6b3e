"""`jianwei retrain`: fit themes on what was known by a day, and their encoder where there is none."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import duckdb

from models import registry
from models.registry import ModelVersion
from pipelines.auditing import note
from pipelines.models import say_when_used
from signals.clock import LOCAL, day_of, end_of
from signals.errors import StateError
from signals.records import Theme
from signals.settings import Settings
from signals.store.as_of import not_void
from signals.store.rows import first_row
from signals.store.warehouse import reading, writing
from signals.themes import (
    Encoder,
    StaticEncoder,
    ThemeAssigner,
    ThemeLayout,
    Vectors,
    read_layout,
    write_layout,
)

STATIC = "static"


@dataclass(frozen=True, slots=True)
class Corpus:
    """The reports to fit on and the models to continue: nothing in it became known after `through`."""

    through: date
    texts: list[tuple[str, str]]  # (title, body), by report key
    encoder: ModelVersion | None
    themes: ModelVersion | None  # the version whose theme ids go on
    first_free_id: int


def retrain_themes(settings: Settings, through: date | None, *, candidate: bool = False) -> int:
    """Fit a version of themes on the reports known by the end of `through`, register and show it; returns 0.

    through: default the last day on which a report became known. candidate: days do not use it until it is
    promoted. Raises StateError where the extra is missing, reports are too few, or `through` lies ahead.
    """
    corpus = _start(settings, through, "主题")
    started = time.monotonic()
    fitted = None
    if settings.themes.encoder == STATIC and corpus.encoder is None:
        fitted = _fit_encoder(settings, corpus)
        corpus = replace(corpus, encoder=fitted)
    model, themes = _fit_themes(settings, corpus, candidate=candidate)
    with writing(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        if fitted:
            registry.add_version(connection, fitted)
        registry.add_version(connection, model, themes)
    _show(model, themes)
    print(f"用时 {time.monotonic() - started:.0f} 秒。")
    return 0


def retrain_encoder(settings: Settings, through: date | None) -> int:
    """Fit the static encoder anew on the reports known by the end of `through`; later themes build on it."""
    if settings.themes.encoder != STATIC:
        raise StateError(
            f"retrain: themes.encoder 是 {settings.themes.encoder}，它不在本机训练。请改为 static 后重试。"
        )
    corpus = _start(settings, through, "编码器")
    model = _fit_encoder(settings, corpus)
    with writing(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        registry.add_version(connection, model)
    print(f"编码器 {model.version} 已登记。请再运行 jianwei retrain themes，新的主题才会用它。")
    return 0


def _start(settings: Settings, through: date | None, what: str) -> Corpus:
    from models.encoder import require_extra

    require_extra()
    with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        corpus = _corpus(connection, settings, through)
    note(settings, "retrain", f"through:{corpus.through}", len(corpus.texts))
    print(f"{what}训练：用 {corpus.through} 及以前已知的 {len(corpus.texts)} 条诉求。")
    return corpus


def _corpus(connection: duckdb.DuckDBPyConnection, settings: Settings, through: date | None) -> Corpus:
    day = through or _last_day(connection)
    if day > day_of(datetime.now(LOCAL)):
        raise StateError(f"retrain: --through {day} 还没有到。请给今天或更早的日期。")
    rows = connection.execute(
        f"""WITH newest AS (SELECT report_key, title, body FROM reports r
              WHERE known_at < $until AND {not_void("r.report_key", "$day")}
              ORDER BY received_at DESC, report_key DESC LIMIT $most)
            SELECT title, body FROM newest ORDER BY report_key""",
        {"until": end_of(day), "day": day, "most": settings.themes.max_reports},
    ).fetchall()
    if len(rows) < settings.themes.min_reports:
        raise StateError(
            f"retrain: 截至 {day} 只有 {len(rows)} 条诉求，训练主题至少要 {settings.themes.min_reports} 条。"
            "请先导入更多诉求，或把 --through 往后推。"
        )
    following = day + timedelta(days=1)
    return Corpus(
        day,
        rows,
        registry.newest(connection, registry.ENCODER, before=following),
        registry.newest(connection, registry.THEMES, before=following),
        registry.first_free_theme_id(connection),
    )


def _last_day(connection: duckdb.DuckDBPyConnection) -> date:
    row = first_row(connection.execute("SELECT max(known_at)::DATE FROM reports"))
    if row is None or row[0] is None:
        raise StateError("retrain: 数据仓库里还没有诉求。请先运行 jianwei ingest。")
    last: date = row[0]
    return last


def _fit_encoder(settings: Settings, corpus: Corpus) -> ModelVersion:
    from models.encoder import fit_static_encoder

    themes = settings.themes
    print(f"正在训练编码器（{themes.dimensions} 维，{themes.epochs} 轮）……", flush=True)
    model = registry.new_version(settings.models_folder, registry.ENCODER, corpus.through,
                                 f"静态词向量，{themes.dimensions} 维")  # fmt: skip
    with registry.writing_folder(model.folder(settings.models_folder)) as folder:
        fit_static_encoder(
            corpus.texts, dimensions=themes.dimensions, epochs=themes.epochs, seed=themes.seed, folder=folder
        )
    return model


def _fit_themes(settings: Settings, corpus: Corpus, *, candidate: bool) -> tuple[ModelVersion, list[Theme]]:
    from models.themes import fit_themes, naming_words

    layout, encoder = _encoder(settings, corpus)
    print("正在计算向量……", flush=True)
    vectors = encoder.encode(corpus.texts)
    print("正在归纳主题（BERTopic）……", flush=True)
    size = max(settings.themes.min_theme_size, len(corpus.texts) // 200)
    documents = [naming_words(title, body) for title, body in corpus.texts]
    found = fit_themes(documents, vectors, min_size=size, seed=settings.themes.seed)
    if not found.words:
        raise StateError(
            f"retrain: {len(corpus.texts)} 条诉求里没有归纳出主题。"
            "请导入更多诉求，或调小 themes.min_theme_size。"
        )
    ids = _ids(settings, corpus, layout, found.centroids, vectors)
    layout = replace(layout, theme_ids=tuple(ids))
    matches = ThemeAssigner(encoder, layout.theme_ids, found.centroids, settings.themes.min_similarity)
    held = [match.theme_id for match in matches.assign_vectors(vectors)]
    share = sum(theme_id is not None for theme_id in held) / len(held)
    model = registry.new_version(settings.models_folder, registry.THEMES, corpus.through,
                                 f"{len(held)} 条诉求，{share:.0%} 归入主题", candidate=candidate)  # fmt: skip
    with registry.writing_folder(model.folder(settings.models_folder)) as folder:
        write_layout(folder, layout, found.centroids)
    named = zip(ids, found.names(), found.words, strict=True)
    return model, [Theme(i, model.version, name, words, held.count(i)) for i, name, words in named]


def _encoder(settings: Settings, corpus: Corpus) -> tuple[ThemeLayout, Encoder]:
    from models.encoder import load_encoder

    if settings.themes.encoder != STATIC:
        return ThemeLayout((), settings.themes.encoder, ""), load_encoder(settings.themes.encoder)
    if corpus.encoder is None:
        raise StateError("retrain: 还没有编码器。请先运行 jianwei retrain encoder。")
    folder = corpus.encoder.folder(settings.models_folder)
    return ThemeLayout((), STATIC, corpus.encoder.version), StaticEncoder.load(folder)


def _ids(
    settings: Settings, corpus: Corpus, layout: ThemeLayout, centroids: Vectors, vectors: Vectors
) -> list[int]:
    """Theme ids that go on from the version before, whichever encoder that one was fitted on."""
    from models.themes import carried_centroids, lasting_ids, load_assigner

    if corpus.themes is None:
        return list(range(corpus.first_free_id, corpus.first_free_id + len(centroids)))
    folder = corpus.themes.folder(settings.models_folder)
    before = load_assigner(folder, min_similarity=settings.themes.min_similarity)
    if replace(read_layout(folder), theme_ids=()) == layout:
        return lasting_ids(centroids, before.centroids, before.theme_ids, corpus.first_free_id)
    carried, ids = carried_centroids(before, corpus.texts, vectors)
    return lasting_ids(centroids, carried, ids, corpus.first_free_id)


def _show(model: ModelVersion, themes: Sequence[Theme]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("编号", "主题", "诉求", "其他词", title=f"主题版本 {model.version}（{model.notes}）")
    for theme in sorted(themes, key=lambda theme: (-theme.n_reports, theme.theme_id)):
        table.add_row(str(theme.theme_id), theme.name, str(theme.n_reports), " ".join(theme.words[3:7]))
    Console().print(table)
    say_when_used(model)
