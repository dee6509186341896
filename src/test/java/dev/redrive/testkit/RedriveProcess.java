package dev.redrive.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The product as a process of its own, to be killed, paused and told to stop. Its log is in {@code target/testkit}.
 * Ports are free ones, so that several can run side by side on one database.
 */
public final class RedriveProcess implements AutoCloseable {

    private static final String MAIN = "dev.redrive.Main";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final ChildJvm process;
    private final String httpPort;
    private final String managementPort;

    private RedriveProcess(ChildJvm process, String httpPort, String managementPort) {
        this.process = process;
        this.httpPort = httpPort;
        this.managementPort = managementPort;
    }

    /** What to start it with; ready to start as it is, without authentication on the loopback address. */
    public static Start on(String databaseUrl, String bootstrapServers) {
        return new Start(databaseUrl, bootstrapServers);
    }

    /** Environment and JVM options of one process; can start several. */
    public static final class Start {

        private final Map<String, String> environment = new HashMap<>();
        private final List<String> options = new ArrayList<>(List.of("-Xmx256m"));

        private @Nullable Path log;
        private String main = MAIN;

        private Start(String databaseUrl, String bootstrapServers) {
            environment.put("REDRIVE_DATABASE_URL", databaseUrl);
            environment.put("REDRIVE_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
            environment.put("REDRIVE_AUTH", "none");
        }

        /** A setting, as in {@code REDRIVE_TOPICS_INCLUDE}. */
        public Start with(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        /** A system property, as in {@code redrive.failpoint}. */
        public Start property(String name, String value) {
            return option("-D" + name + "=" + value);
        }

        /** A JVM option; a later one wins over an earlier one, as in {@code -Xmx}. */
        public Start option(String option) {
            options.add(option);
            return this;
        }

        /** A main class that ends in the product's own. */
        public Start main(String className) {
            main = className;
            return this;
        }

        /** Where the log goes instead of a new file in {@code target/testkit}. */
        public Start log(Path file) {
            log = file;
            return this;
        }

        /** Returns when the process is ready. */
        public RedriveProcess start() {
            var redrive = launch();
            redrive.awaitReady();
            return redrive;
        }

        /** Returns at once, for a process that is not meant to become ready. */
        public RedriveProcess launch() {
            var variables = new HashMap<>(environment);
            variables.computeIfAbsent("REDRIVE_HTTP_PORT", free -> Integer.toString(Ports.free()));
            variables.computeIfAbsent("REDRIVE_MANAGEMENT_PORT", free -> Integer.toString(Ports.free()));
            var file = log == null ? nextLog() : log;
            var process = ChildJvm.start(
                    new ChildJvm.Program(main, List.of(), ChildJvm.ownClassPath(), options, variables, file));
            return new RedriveProcess(
                    process, "" + variables.get("REDRIVE_HTTP_PORT"), "" + variables.get("REDRIVE_MANAGEMENT_PORT"));
        }

        private static Path nextLog() {
            var name = "redrive-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + ".log";
            return Path.of("target", "testkit", name);
        }
    }

    /** Waits for 200 of {@code /readyz}; fails at once with the log when the process has ended. */
    public void awaitReady() {
        Eventually.until(PATIENCE, "Redrive to be ready", () -> isReady() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError("Redrive ended with " + process.awaitExit(Duration.ZERO) + ":\n" + log());
        }
    }

    /** Whether {@code /readyz} answers 200 now. */
    public boolean isReady() throws InterruptedException {
        try {
            return readyz().statusCode() == 200;
        } catch (IOException notListening) {
            return false;
        }
    }

    /** What {@code /readyz} says now: JSON. */
    public String health() throws IOException, InterruptedException {
        return readyz().body();
    }

    private HttpResponse<String> readyz() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/readyz"))
                .timeout(Duration.ofSeconds(5))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    /** Without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + httpPort;
    }

    public String managementUrl() {
        return "http://127.0.0.1:" + managementPort;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** All that was logged so far. */
    public String log() {
        return process.output();
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill9() {
        process.kill9();
    }

    /** SIGTERM; wait with {@link #awaitExit}. */
    public void sigterm() {
        process.sigterm();
    }

    /** @return the exit code; 143 after SIGTERM, 137 after SIGKILL */
    public int awaitExit(Duration within) {
        return process.awaitExit(within);
    }

    public void pause() {
        process.pause();
    }

    public void resume() {
        process.resume();
    }

    @Override
    public void close() {
        process.close();
    }
}
