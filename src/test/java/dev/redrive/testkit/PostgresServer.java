package dev.redrive.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Postgres 18 of the machine itself with its data in one directory. What it has committed survives {@link
 * #stopImmediately()}: commits are synchronous. It does not survive a power cut: fsync is off.
 */
final class PostgresServer {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final int port;
    private final Map<String, String> settings;
    private @Nullable EmbeddedPostgres running;

    /** @param settings of postgresql.conf, besides those that all servers of tests have */
    PostgresServer(Path directory, int port, Map<String, String> settings) {
        this.directory = directory.toAbsolutePath();
        this.port = port;
        this.settings = Map.copyOf(settings);
    }

    int port() {
        return port;
    }

    /** Starts on the data that is there, or on empty data; returns when queries are answered. */
    void start() {
        try {
            Files.createDirectories(directory.getParent());
            var builder = EmbeddedPostgres.builder()
                    .setDataDirectory(directory)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setServerConfig("fsync", "off")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setPGStartupWait(PATIENCE);
            settings.forEach(builder::setServerConfig);
            running = builder.start();
            stopWhenParentDies(pid().orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server is no child of ours, so that a shell waits for the end of our pipe and stops it. */
    private void stopWhenParentDies(long pid) throws IOException {
        new ProcessBuilder(
                        "sh",
                        "-c",
                        "trap '' INT TERM HUP; read ignored; grep -qx " + pid + " '" + pidFile() + "' && kill -QUIT "
                                + pid)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** As in a crash: no checkpoint, connections are cut. */
    void stopImmediately() {
        var pid = pid();
        if (pid.isPresent()) {
            Signals.send("QUIT", List.of(pid.get()));
            Eventually.until(PATIENCE, "Postgres to stop", () -> !isAlive(pid.get()));
        }
        releaseDirectory();
    }

    /** With a checkpoint, so that the data can be copied and started elsewhere. */
    void stop() {
        var pid = pid().orElseThrow();
        Signals.send("INT", List.of(pid));
        Eventually.until(PATIENCE, "Postgres to stop", () -> !isAlive(pid));
        releaseDirectory();
    }

    /** Of a server that was stopped cleanly. @param to is made */
    static void copy(Path from, Path to) {
        try (var files = Files.walk(from)) {
            for (var file : (Iterable<Path>) files::iterator) {
                // With its rights: Postgres wants to be alone with its data.
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** There is nothing left to stop, but the library holds a lock on the directory. */
    private void releaseDirectory() {
        try {
            if (running != null) {
                running.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connections stay open, nothing is answered. */
    void pause() {
        Signals.send("STOP", processes());
    }

    void resume() {
        Signals.send("CONT", processes());
    }

    private List<Long> processes() {
        var postmaster = pid().orElseThrow(() -> new IllegalStateException("Postgres does not run"));
        var children = ProcessHandle.of(postmaster).stream().flatMap(ProcessHandle::descendants);
        return Stream.concat(Stream.of(postmaster), children.map(ProcessHandle::pid))
                .toList();
    }

    private Optional<Long> pid() {
        try (var lines = Files.lines(pidFile())) {
            return lines.findFirst().map(String::strip).map(Long::valueOf).filter(PostgresServer::isAlive);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Path pidFile() {
        return directory.resolve("postmaster.pid");
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
