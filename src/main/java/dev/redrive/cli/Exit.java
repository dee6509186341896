package dev.redrive.cli;

/** How a command ends. Scripts branch on the codes, so they never change their meaning. */
enum Exit {
    OK(0, "done, or nothing to complain about"),
    UNEXPECTED(1, "Redrive cannot be reached, does not let us in, or failed"),
    USAGE(2, "the command or its filter is wrong; nothing was asked for"),
    NOTHING(3, "nothing matched, or there is no such thing"),
    REFUSED(4, "refused or held by a check; what to do is on standard error"),
    PARTLY(5, "done for some letters and not for others"),
    UNKNOWN(6, "the outcome is not known (yet): an answer was lost, a wait ran out, or a replay is uncertain");

    final int code;
    final String meaning;

    Exit(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }
}
