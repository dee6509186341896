package dev.redrive;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the program: settings, then {@link Redrive}, which builds the parts. Exit 2 means bad settings. */
public final class Main {

    private static final Logger log = LoggerFactory.getLogger(Main.class);

    /** Below the 10 s after which an orchestrator or an operator loses patience. */
    private static final long SHUTDOWN_SECONDS = 9;

    private Main() {}

    public static void main(String[] args) {
        Settings settings;
        try {
            settings = SettingsReader.read(System.getenv());
        } catch (Settings.InvalidSettingsException invalid) {
            report(invalid);
            return;
        }
        var redrive = new Redrive(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(redrive), "shutdown"));
        redrive.start().onFailure(failure -> {
            log.error("Redrive could not start", failure);
            System.exit(1);
        });
    }

    /** To standard error as plain text: whoever starts a container reads this before any log format is set up. */
    @SuppressWarnings("SystemOut")
    private static void report(Settings.InvalidSettingsException invalid) {
        System.err.println("Redrive cannot start with these settings:");
        invalid.problems().forEach(problem -> System.err.println("  - " + problem));
        System.exit(2);
    }

    private static void stop(Redrive redrive) {
        try {
            redrive.stop().await(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        } catch (Exception failure) {
            log.warn("Did not stop cleanly within {} s", SHUTDOWN_SECONDS, failure);
        }
    }
}
