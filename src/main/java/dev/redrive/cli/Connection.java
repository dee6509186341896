package dev.redrive.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that asks Redrive something. */
final class Connection {

    private static final String DEFAULT_URL = "http://127.0.0.1:8080";

    private final Shell shell;

    Connection(Shell shell) {
        this.shell = shell;
    }

    @Option(
            names = "--url",
            paramLabel = "<url>",
            description = "Where Redrive is; else REDRIVE_URL, else " + DEFAULT_URL + ".")
    @Nullable
    String url;

    @Option(
            names = "--token-file",
            paramLabel = "<file>",
            description =
                    "File that holds the token; else REDRIVE_TOKEN. Never a token itself: others see a command line.")
    @Nullable
    Path tokenFile;

    @Option(
            names = "--timeout",
            paramLabel = "<seconds>",
            defaultValue = "30",
            description = "For each answer (default: ${DEFAULT-VALUE}).")
    int timeout;

    @Option(names = "--json", description = "For programs: one JSON object, or one a line where there are several.")
    boolean json;

    Api api() {
        // Redrive itself keeps some answers back for 10 s, to tell how it went.
        if (timeout < 15 || timeout > 3_600) {
            throw Failure.usage("--timeout is from 15 to 3600 seconds");
        }
        return new Api(url(), token(), Duration.ofSeconds(timeout), shell);
    }

    Output output() {
        return new Output(shell.terminal(), json);
    }

    /** Without a slash at the end. */
    String url() {
        var given = url != null ? url : shell.environment().getOrDefault("REDRIVE_URL", DEFAULT_URL);
        var plain = given.strip().replaceAll("/+$", "");
        try {
            var uri = URI.create(plain);
            var scheme = String.valueOf(uri.getScheme());
            if ((scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null) {
                return plain;
            }
        } catch (IllegalArgumentException noUri) {
            // Said below, as for every other text that is no address.
        }
        throw Failure.usage("No address of Redrive: " + given + "; it looks like " + DEFAULT_URL);
    }

    /** @return null where there is none, as with REDRIVE_AUTH=none */
    @Nullable
    String token() {
        var token = tokenFile != null ? read(tokenFile) : shell.environment().getOrDefault("REDRIVE_TOKEN", "");
        var plain = token.strip();
        if (!plain.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw Failure.usage("The token holds characters that no token has");
        }
        return plain.isEmpty() ? null : plain;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw Failure.usage("Cannot read the token from " + file);
        }
    }
}
