package dev.redrive;

import dev.redrive.cli.Cli;
import dev.redrive.cli.Terminal;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the program: settings, then {@link Redrive}, which builds the parts. Exit 2 means bad settings. With a command
 * it is the command line instead, {@link Cli}.
 */
public final class Main {

    /** Below the 10 s after which an orchestrator or an operator loses patience. */
    private static final long SHUTDOWN_SECONDS = 9;

    private static final String NETTY_RECORDS = "io.netty.jfr.enabled";

    private Main() {}

    public static void main(String[] args) {
        if (Cli.startsServer(args)) {
            Server.start();
        } else {
            command(args);
        }
    }

    @SuppressWarnings("SystemOut")
    private static void command(String[] args) {
        // UTF-8 whatever the locale says, and results are flushed once, at their end.
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        var terminal = new Terminal(System.in, out, err, isInteractive(System.console()));
        System.exit(new Cli(terminal, System.getenv()).run(args));
    }

    /** Since 22 there may be a console without a terminal, and a method that tells. */
    private static boolean isInteractive(@Nullable Console console) {
        try {
            return console != null
                    && (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException before22) {
            return true;
        }
    }

    /** By itself, so that a command does not wait for a log to be set up. */
    private static final class Server {

        private static final Logger log = LoggerFactory.getLogger(Main.class);

        static {
            // Netty would start the JVM's flight recorder, in a tenth of a second, to be able to tell it of its
            // buffers.
            if (System.getProperty(NETTY_RECORDS) == null) {
                System.setProperty(NETTY_RECORDS, "false");
            }
        }

        static void start() {
            Settings settings;
            try {
                settings = SettingsReader.read(System.getenv());
            } catch (Settings.InvalidSettingsException invalid) {
                report(invalid);
                return;
            }
            SettingsReader.unknown(System.getenv()).forEach(log::warn);
            var redrive = new Redrive(settings);
            var stopping = new AtomicBoolean();
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                stopping.set(true);
                                stop(redrive);
                            },
                            "shutdown"));
            redrive.start().onFailure(failure -> {
                // One that is told to end while it waits for Postgres does not get any further, as it should be.
                if (!stopping.get()) {
                    giveUp(failure);
                }
            });
        }

        private static void giveUp(Throwable failure) {
            if (failure instanceof BindException) {
                log.error("Redrive could not start: {}", failure.getMessage());
            } else {
                log.error("Redrive could not start", failure);
            }
            // By a thread of its own: an exit waits for the event loops, and this is one of them.
            new Thread(() -> System.exit(1), "exit").start();
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
}
