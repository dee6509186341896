package dev.redrive.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/**
 * What one class, or everybody, says in the log of this process, from now until it is closed. Tests run side by side in
 * it; what a class says for one of them is what it says in that one's Vert.x.
 */
public final class LogLines implements AutoCloseable {

    private final Logger log;
    private final Lines lines;

    private LogLines(String speaker, Predicate<ILoggingEvent> heard) {
        log = (Logger) LoggerFactory.getLogger(speaker);
        lines = new Lines(heard);
        lines.start();
        log.addAppender(lines);
    }

    /** @param speaker speaks in no other test */
    public static LogLines of(Class<?> speaker) {
        return new LogLines(speaker.getName(), line -> true);
    }

    /** @param vertx in whose threads it is said */
    public static LogLines of(Class<?> speaker, Vertx... vertx) {
        var ours = Set.of(vertx);
        return new LogLines(speaker.getName(), line -> {
            var context = Vertx.currentContext();
            return context != null && ours.contains(context.owner());
        });
    }

    /** Of everybody, at the levels that are on. */
    public static LogLines ofAll() {
        return new LogLines(org.slf4j.Logger.ROOT_LOGGER_NAME, line -> true);
    }

    /** As they are written, with the message of whatever was thrown. */
    public List<String> all() {
        return lines.said.stream()
                .map(line -> line.getFormattedMessage()
                        + (line.getThrowableProxy() == null
                                ? ""
                                : " " + line.getThrowableProxy().getMessage()))
                .toList();
    }

    public List<String> warnings() {
        return at(Level.WARN);
    }

    public List<String> infos() {
        return at(Level.INFO);
    }

    private List<String> at(Level level) {
        return lines.said.stream()
                .filter(line -> line.getLevel().equals(level))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        log.detachAppender(lines);
        lines.stop();
    }

    private static final class Lines extends AppenderBase<ILoggingEvent> {

        private final Queue<ILoggingEvent> said = new ConcurrentLinkedQueue<>();
        private final Predicate<ILoggingEvent> heard;

        Lines(Predicate<ILoggingEvent> heard) {
            this.heard = heard;
        }

        /** In the thread that says it. */
        @Override
        protected void append(ILoggingEvent line) {
            if (heard.test(line)) {
                said.add(line);
            }
        }
    }
}
