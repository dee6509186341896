package dev.redrive.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What this build is, as the build has written it down. */
public final class ServerVersion {

    private static final Pattern REVISION = Pattern.compile("[0-9A-Za-z._+/-]{1,100}");

    private ServerVersion() {}

    /** The version in the jar's manifest. @return {@code dev} where we do not run from a jar */
    public static String get() {
        var version = ServerVersion.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /**
     * The git revision of the source, with {@code -dirty} behind it where files were changed.
     *
     * @return {@code unknown} where nobody told the build
     */
    public static String revision() {
        try (var file = ServerVersion.class.getResourceAsStream("revision.txt")) {
            var text = file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
            return REVISION.matcher(text).matches() ? text : "unknown";
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
