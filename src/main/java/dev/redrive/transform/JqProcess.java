package dev.redrive.transform;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Our end of one {@link JqMain}. A library that interprets jq cannot be interrupted, and neither can its memory be bounded
 * within a JVM; a process can be killed. Used by one worker thread at a time, which it blocks.
 */
final class JqProcess implements AutoCloseable {

    /** Threads of the library's JVM included it stays below twice of this. */
    private static final String HEAP = "-Xmx192m";

    /** As in our image, where this JVM maps its classes: the start takes a third less. */
    private static final List<String> SHARED_CLASSES = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("-XX:SharedArchiveFile="))
            .toList();

    private static final Duration START = Duration.ofSeconds(20);

    private final Vertx vertx;
    private final Process process;
    private final DataInputStream in;
    private final DataOutputStream out;

    private JqProcess(Vertx vertx, Process process) {
        this.vertx = vertx;
        this.process = process;
        this.in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
        this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    }

    /** It was killed for taking too long, or died for taking too much memory. */
    static final class LostException extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean tooLong;

        LostException(boolean tooLong, IOException cause) {
            super(cause);
            this.tooLong = tooLong;
        }

        boolean tooLong() {
            return tooLong;
        }
    }

    /** A program that cannot be read. @param position in UTF-16 units from 0; -1 where nobody knows */
    record Invalid(int position, String message) {}

    private interface Exchange<T> {
        T run() throws IOException;
    }

    /** Takes some 300 ms. */
    static JqProcess start(Vertx vertx) throws IOException {
        var builder = new ProcessBuilder(command());
        // Settings hold passwords.
        builder.environment().clear();
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        var started = new JqProcess(vertx, builder.start());
        try {
            int ready = started.within(START, started.in::readByte);
            if (ready != Frames.READY) {
                throw new IOException("It says " + ready);
            }
            return started;
        } catch (LostException | IOException failed) {
            started.close();
            throw new IOException("The process that runs programs did not start", failed);
        }
    }

    private static List<String> command() {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(HEAP, "-Xss2m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.addAll(SHARED_CLASSES);
        // A warning of the JVM would stand among the frames.
        command.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), JqMain.class.getName()));
        return command;
    }

    /** @return empty where the program can be read */
    Optional<Invalid> check(String program, Duration atMost) throws LostException {
        return within(atMost, () -> {
            ask(Frames.CHECK, program);
            out.flush();
            return in.readByte() == Frames.INVALID
                    ? Optional.of(new Invalid(in.readInt(), Frames.text(in)))
                    : Optional.empty();
        });
    }

    Transformed run(String program, byte[] value, Duration atMost) throws LostException {
        return within(atMost, () -> {
            ask(Frames.RUN, program);
            Frames.write(out, value);
            out.flush();
            int said = in.readByte();
            return switch (said) {
                case Frames.CHANGED -> new Transformed.Changed(Buffer.buffer(Frames.bytes(in)));
                case Frames.UNCHANGED -> new Transformed.Unchanged();
                case Frames.FAILED -> {
                    var why = Frames.text(in);
                    var detail = Frames.text(in);
                    yield new Transformed.Failed(why, detail.isEmpty() ? null : detail);
                }
                case Frames.INVALID -> {
                    in.readInt();
                    yield new Transformed.Failed("was not looked at, for the program cannot be read", Frames.text(in));
                }
                default -> throw new IOException("It says " + said);
            };
        });
    }

    private void ask(int kind, String program) throws IOException {
        out.writeByte(kind);
        Frames.write(out, program);
    }

    private <T> T within(Duration atMost, Exchange<T> exchange) throws LostException {
        var killed = new boolean[1];
        long timer = vertx.setTimer(atMost.toMillis(), late -> {
            synchronized (killed) {
                killed[0] = true;
            }
            process.destroyForcibly();
        });
        try {
            return exchange.run();
        } catch (IOException gone) {
            close();
            synchronized (killed) {
                throw new LostException(killed[0], gone);
            }
        } finally {
            vertx.cancelTimer(timer);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
