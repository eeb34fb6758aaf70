"""`annotator models`: model files that come with the program, that a project has, and that upstream offers."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from annotator.cli.output import print_json
from annotator.cli.progress import download_bar
from annotator.domain.errors import BadFileError, RefusedError

LARGEST_LICENCE = 1 << 20


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    models = typer.Typer(help="Model files: local features for pre-masks, and click-to-mask models.")
    models.command("list")(list_models)
    models.command("add")(add_model)
    models.command("get")(get_model)
    models.command("remove")(remove_model)
    app.add_typer(models, name="models", no_args_is_help=True)


def list_models(
    project: Annotated[Path | None, typer.Argument(metavar="[PROJECT]", help="A project, for its own models.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write them as JSON.")] = False,
) -> None:
    """List the model that comes with the program, the public ones, and with a project its own."""
    from annotator.premask.models.catalogue import catalogue, embedded_model

    embedded, own = embedded_model(), None if project is None else _own(project)
    if as_json:
        public = [
            {"name": one.name, "kind": one.kind.value, "file": one.file, "address": one.address, "size": one.size,
             one.algorithm: one.checksum, "licence": one.licence, "about": one.about}
            for one in catalogue()
        ]  # fmt: skip
        more = {} if own is None else {"project": own}
        print_json({"embedded": None if embedded is None else str(embedded), "public": public, **more})
        return
    if embedded is not None:
        typer.echo("With the program:\n  features  local features, used unless another model is named\n")
    typer.echo("Public, fetched by 'annotator models get NAME' alone:")
    for one in catalogue():
        size = "" if one.size is None else f"{one.size / 1e6:6.1f} MB"
        typer.echo(f"  {one.name:20}{one.kind:26}{size}  {one.about}\n{'':22}Licence: {one.licence}")
    if own is not None:
        typer.echo(f"\nIn {project}:" if own else f"\nIn {project}: none.")
        for row in own:
            kind = f"{row['kind']} for {row['features']}" if row["features"] else row["kind"]
            typer.echo(f"  {row['name']:20}{kind:26}{row['state']}")
            typer.echo(f"{'':22}Licence: {_first_line(row['licence'])}; added {row['added'][:10]} by {row['by']}")


def add_model(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="ONNX file of local features, a matcher or an encoder.")],
    project: Annotated[
        Path, typer.Option(metavar="PROJECT", help="The project; else the folder that you are in.")
    ] = Path(),
    decoder: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The decoder of a click-to-mask encoder.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name in the project; the file's by default.")] = None,
    features: Annotated[
        str | None, typer.Option(metavar="NAME", help="The project's model whose features a matcher matches.")
    ] = None,
    licence: Annotated[
        str | None, typer.Option(metavar="FILE|TEXT", help="Its licence; 'unknown' where nobody knows.")
    ] = None,
    person: Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who adds it; else the account.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write what was added as JSON.")] = False,
) -> None:
    """Try a model file, copy it into a project and record its checksum and licence.

    A model of local features becomes a proposer of its name, and so does a matcher with the features of another model;
    an encoder with its decoder, a drawing tool.
    """
    from annotator.premask import registry
    from annotator.premask.models.files import ModelKind
    from annotator.premask.models.trial import try_model
    from annotator.project import models
    from annotator.project.layout import read_settings

    read_settings(project)
    chosen = name or models.name_of(file)
    if chosen in registry.NAMES:
        raise RefusedError(f"'{chosen}' is the name of a proposer; take another name with --name.")
    files = (file,) if decoder is None else (file, decoder)
    models.check_name(project, chosen, files)
    matched = None if features is None else models.matched_model(project, features)
    text = _licence(licence, files)
    trial = try_model(files, features=matched)
    record = models.register_model(project, chosen, trial.kind, files, text, person or _account(), features or "")
    if as_json:
        print_json({"name": record.name, "kind": record.kind.value, "sha256": list(record.sums),
                    "runner": trial.runner, "self_test": trial.words})  # fmt: skip
        return
    typer.echo(f"'{record.name}' was added ({record.kind}, run by {trial.runner}): {trial.words}.")
    if trial.kind is not ModelKind.CLICK_TO_MASK:
        typer.echo(f"Use it with: annotator premask {project} --proposer {record.name}")
    else:
        typer.echo("The window has it as the tool Click-to-mask when the project is opened again.")


def remove_model(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name, as 'annotator models list PROJECT' tells it.")],
    project: Annotated[
        Path, typer.Option(metavar="PROJECT", help="The project; else the folder that you are in.")
    ] = Path(),
    person: Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who removes it; else you.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write what was removed as JSON.")] = False,
) -> None:
    """Take a model out of a project and delete the project's copy of it; pre-masks made with it stay."""
    from annotator.project import models
    from annotator.project.layout import read_settings

    read_settings(project)
    record, deleted = models.remove_model(project, name, person or _account())
    if as_json:
        print_json({"name": name, "kind": record.kind.value, "sha256": list(record.sums),
                    "deleted": [str(path) for path in deleted]})  # fmt: skip
        return
    files = " and ".join(str(path) for path in deleted)
    copies = f"the project's copy was deleted ({files})" if deleted else "the project's copy was gone already"
    typer.echo(f"'{name}' was removed, and {copies}; what was made with it stays.")


def get_model(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name, as 'annotator models list' tells it.")],
    to: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for the file; else the one that you are in.")
    ] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Write where the file is as JSON.")] = False,
) -> None:
    """Fetch a public model file from its upstream; what was fetched before a break is gone on from."""
    from annotator.premask.models.catalogue import catalogue, public_model
    from annotator.premask.models.fetch import fetch

    model = public_model(name, catalogue())
    with download_bar(model.file) as advance:
        path = fetch(model, to, advance)
    if as_json:
        print_json({"name": model.name, "file": str(path), model.algorithm: model.checksum, "licence": model.licence})
        return
    typer.echo(f"{path} is here, with the checksum that upstream pinned. Licence: {model.licence}")


def _own(project: Path) -> list[dict[str, Any]]:
    """The models of a project; `state` says 'ok', or what is wrong with a file."""
    from annotator.project.layout import read_settings
    from annotator.project.models import checked_files, model_records

    read_settings(project)
    rows = []
    for record in model_records(project):
        try:
            checked_files(project, record)
            state = "ok"
        except BadFileError as error:
            state = str(error)
        rows.append({"name": record.name, "kind": record.kind.value, "file": record.file, "sha256": record.sha256,
                     "decoder": record.decoder, "features": record.features, "licence": record.licence,
                     "added": record.added, "by": record.by, "state": state})  # fmt: skip
    return rows


def _licence(given: str | None, files: tuple[Path, ...]) -> str:
    """The licence text: that of a file, the words themselves, or for a listed file what the list says."""
    if given is None:
        known = _listed_licence(files)
        if known is None:
            raise typer.BadParameter("name the model's licence with --licence FILE|TEXT, or say --licence unknown")
        return known
    try:
        path = Path(given)
        if not path.is_file():
            text = given
        elif path.stat().st_size > LARGEST_LICENCE:
            raise BadFileError(path, "it is far too large for a licence", "name another file, or write the licence")
        else:
            text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadFileError(given, "it is no text in UTF-8", "name another file, or write the licence") from error
    except (OSError, ValueError):  # words that no file can be called by
        text = given
    if not text.strip():
        raise typer.BadParameter("the licence is empty; say --licence unknown where nobody knows")
    return text.strip()


def _listed_licence(files: tuple[Path, ...]) -> str | None:
    """The licence of files that the public list names by SHA-256 or SHA-1; None where it does not know one of them."""
    from annotator.premask.models.catalogue import catalogue
    from annotator.premask.models.fetch import listed_as

    found = [listed_as(path, catalogue()) for path in files]
    if None in found:
        return None
    return "\n".join(dict.fromkeys(one.licence for one in found if one is not None))


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name
        return "unknown"


def _first_line(text: str) -> str:
    return text.splitlines()[0][:100]
