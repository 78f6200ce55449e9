"""Standard output belongs to whoever calls: solvers print nothing there."""

from __future__ import annotations

import subprocess
import sys
import textwrap


def printed(program):
    """Return the lines that a program leaves on its standard output."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_a_line_that_highs_leaves_in_is_dropped_and_all_else_is_passed_on_in_order():
    lines = printed(
        """
        import ctypes, os, threading
        from bargain.solve.quiet import without_stray_lines
        libc = ctypes.CDLL(None)
        print("before", flush=True)
        with without_stray_lines():
            libc.puts(b"HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();")
            with without_stray_lines():
                libc.puts(b"someone else")
            other = threading.Thread(target=lambda: print("a thread", flush=True))
            other.start(); other.join()
        libc.puts(b"HighsMipSolverData:: outside")
        libc.fflush(None)
        print("after")
        """
    )
    assert sorted(lines[1:3]) == ["a thread", "someone else"]
    assert [lines[0], *lines[3:]] == ["before", "HighsMipSolverData:: outside", "after"]


def test_an_integer_program_runs_where_standard_output_is_closed():
    lines = printed(
        """
        import os
        os.close(1)
        from bargain.solve.integer_program import IntegerProgram
        program = IntegerProgram()
        answer = program.maximize(program.binary(), time_limit=1.0)
        assert answer.bound == 1.0
        """
    )
    assert lines == []


def test_what_a_solver_prints_in_the_midst_of_a_program_is_no_output_of_the_caller():
    lines = printed(
        """
        import ctypes
        import scipy.optimize
        from bargain.solve.integer_program import IntegerProgram
        milp = scipy.optimize.milp
        def chatty(*args, **more):
            ctypes.CDLL(None).puts(b"HighsMipSolverData::transformNewIntegerFeasibleSolution")
            return milp(*args, **more)
        scipy.optimize.milp = chatty
        program = IntegerProgram()
        print(program.maximize(program.binary(), time_limit=1.0).bound)
        """
    )
    assert lines == ["1.0"]
