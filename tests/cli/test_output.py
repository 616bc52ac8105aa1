"""Files are there whole or as they were before."""

import os

import pytest

from cicatrix.cli.output import check_outputs, write_whole
from cicatrix.errors import OutputUnwritable


def test_a_file_is_written_and_nothing_is_left_beside_it(tmp_path):
    write_whole(tmp_path / "r.html", b"whole")

    assert (tmp_path / "r.html").read_bytes() == b"whole"
    assert len(list(tmp_path.iterdir())) == 1


def test_the_rights_are_those_of_any_new_file_and_stay_when_it_is_replaced(tmp_path):
    path = tmp_path / "r.html"
    plain = tmp_path / "plain"
    plain.touch()

    write_whole(path, b"1")
    assert path.stat().st_mode == plain.stat().st_mode

    path.chmod(0o640)
    write_whole(path, b"2")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_failure_leaves_the_old_file_and_no_half_one(tmp_path, monkeypatch):
    path = tmp_path / "r.html"
    path.write_bytes(b"old")

    def fail(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", fail)

    with pytest.raises(OutputUnwritable, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    (tmp_path / "real.html").write_bytes(b"old")
    (tmp_path / "link.html").symlink_to("real.html")

    write_whole(tmp_path / "link.html", b"new")

    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "real.html").read_bytes() == b"new"


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path):
    with pytest.raises(OutputUnwritable, match="is a folder"):
        check_outputs([tmp_path], inputs=[])


def test_two_results_do_not_share_a_file(tmp_path):
    with pytest.raises(OutputUnwritable, match="already in use"):
        check_outputs([tmp_path / "r", tmp_path / "." / "r"], inputs=[])


def test_checking_leaves_no_trace(tmp_path):
    check_outputs([None, tmp_path / "r.html"], inputs=[tmp_path / "a.jpg"])

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_refused_before_work_begins(tmp_path):
    tmp_path.chmod(0o500)

    with pytest.raises(OutputUnwritable, match="cannot be written"):
        check_outputs([tmp_path / "r.html"], inputs=[])


def test_an_interrupt_leaves_the_old_file_and_no_half_one(tmp_path, monkeypatch):
    path = tmp_path / "r.html"
    path.write_bytes(b"old")

    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupt)

    with pytest.raises(KeyboardInterrupt):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1
