"""The three commands, as a user meets them."""

import json

import pytest

from model.cli import localisation, main
from model.evaluation.maps import instruments, mixtures
from model.gtzan.clips import full_length_clips
from model.sample_clips import fluid


@pytest.mark.parametrize(
    "command", [("faithfulness", "--variants", "maps"), ("localisation", "--variants")]
)
def test_no_choice_is_made_on_test_tracks(command, tmp_path, capsys):
    assert main([*command, "--data", str(tmp_path)]) == 2
    assert "--split random_valid" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["faithfulness", "sanity", "localisation"])
def test_without_data_the_commands_say_what_is_missing(tmp_path, capsys, command):
    assert main([command, "--data", str(tmp_path)]) == 2
    message = capsys.readouterr().err
    assert "random_test" in message
    assert "Traceback" not in message


@pytest.mark.parametrize(
    "options",
    [
        ("faithfulness", "--tracks", "0"),
        ("faithfulness", "--methods", "guessing"),
        ("sanity", "--runs", "some"),
        ("localisation", "--mixtures", "-1"),
        ("faithfulness", "--seconds", "2"),
        ("faithfulness", "--seconds", "long"),
    ],
)
def test_options_out_of_range_end_with_2(options, tmp_path):
    with pytest.raises(SystemExit) as caught:
        main([*options, "--data", str(tmp_path)])
    assert caught.value.code == 2


# What the network must have.
SHORT = ("--seconds", "3")


def run(command: str, gtzan, file, *options: str) -> dict:
    arguments = [command, "--data", str(gtzan), "--split", "random_valid", "--json", str(file)]
    assert main([*arguments, *options]) == 0
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert figures["command"].startswith(f"python -m model {command} --split random_valid")
    assert str(gtzan) not in figures["command"]
    assert set(figures["model"]) == {"name", "sha256"}
    assert figures["seed"] == 0
    return figures


@pytest.mark.long
@pytest.mark.data
def test_faithfulness_writes_a_row_for_every_figure(gtzan, tmp_path, capsys):
    options = ("--tracks", "2", "--full-tracks", "1", "--methods", "cam", "band-energy", *SHORT)
    figures = run("faithfulness", gtzan, tmp_path / "f.json", *options)
    assert [group["n"] for group in figures["groups"]] == [2, 0]
    names = {(row["method"], row["setting"], row["measure"]) for row in figures["rows"]}
    assert len(names) == len(figures["rows"]) == 2 * (2 * 6 + 2 + 4) + 4
    assert (figures["seconds"], len(figures["curves"])) == (3, 3 * 4)
    assert "--methods cam band-energy" in figures["command"]
    assert "deletion-silence" in capsys.readouterr().out


@pytest.mark.long
@pytest.mark.data
def test_sanity_shows_that_the_published_crm_is_one_map(gtzan, tmp_path):
    options = ("--tracks", "1", "--runs", "1", "--methods", "cam", "crm", *SHORT)
    figures = run("sanity", gtzan, tmp_path / "s.json", *options)
    between = {
        row["method"]: row["value"]
        for row in figures["rows"]
        if (row["check"], row["measure"]) == ("classes", "spearman")
    }
    assert between["crm"] == 1.0
    assert between["cam"] < 0.9
    assert figures["layers"][0] == "genre"
    steps = {row["step"] for row in figures["rows"] if row["check"] == "weights"}
    assert steps == set(figures["layers"])


@pytest.mark.long
@pytest.mark.data
def test_localisation_says_what_was_mixed_and_the_chance(gtzan, tmp_path, monkeypatch):
    def missing() -> None:
        raise fluid.MissingToolError("no sound font")

    def some(folder, names):
        return full_length_clips(folder, names[::9])

    for module in (instruments, mixtures):
        monkeypatch.setattr(module, "PART_SECONDS", 5.0)
    monkeypatch.setattr(fluid, "check_tools", missing)
    monkeypatch.setattr(localisation, "full_length_clips", some)
    options = ("--mixtures", "2", "--methods", "cam", "crm")
    figures = run("localisation", gtzan, tmp_path / "l.json", *options)
    assert "sample clips" in figures["instruments"]
    assert figures["chance"]["splice"]["value"] == pytest.approx(0.5, abs=0.01)
    mass = {
        row["method"]: row["value"]
        for row in figures["rows"]
        if (row["kind"], row["measure"]) == ("splice", "mass")
    }
    assert mass["crm"] == pytest.approx(0.5)
    assert mass["cam"] > 0.5
