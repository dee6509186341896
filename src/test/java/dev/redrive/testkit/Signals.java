package dev.redrive.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;

/** Signals that Java cannot send. */
final class Signals {

    private Signals() {}

    static void send(String signal, List<Long> pids) {
        // The shell's own kill: the program of that name is missing in slim images.
        // One that has ended since it was listed needs no signal.
        var command = "for pid in " + pids.stream().map(String::valueOf).collect(Collectors.joining(" "))
                + "; do kill -" + signal + " $pid || ! kill -0 $pid || exit 1; done";
        try {
            var exit = new ProcessBuilder("sh", "-c", command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException(command + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted during " + command, e);
        }
    }
}
