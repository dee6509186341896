package dev.redrive.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What one class, or everybody, says in the log of this process, from now until it is closed. */
public final class LogLines implements AutoCloseable {

    private final Logger log;
    private final Lines lines = new Lines();

    private LogLines(String speaker) {
        log = (Logger) LoggerFactory.getLogger(speaker);
        lines.start();
        log.addAppender(lines);
    }

    public static LogLines of(Class<?> speaker) {
        return new LogLines(speaker.getName());
    }

    /** Of everybody, at the levels that are on. */
    public static LogLines ofAll() {
        return new LogLines(org.slf4j.Logger.ROOT_LOGGER_NAME);
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

        @Override
        protected void append(ILoggingEvent line) {
            said.add(line);
        }
    }
}
