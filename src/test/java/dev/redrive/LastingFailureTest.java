package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LastingFailureTest {

    private final Logger log = (Logger) LoggerFactory.getLogger(LastingFailureTest.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final LastingFailure failure = new LastingFailure(log, "Topics are not looked at for now");

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void leave() {
        log.detachAppender(lines);
    }

    private List<String> told() {
        return lines.list.stream()
                .filter(line -> line.getLevel().equals(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void isToldOnceWhileItLasts() {
        failure.tell(new IllegalStateException("no answer"));
        failure.tell(new IllegalStateException("still none"));
        assertThat(told())
                .containsExactly("Topics are not looked at for now: java.lang.IllegalStateException: no answer");
    }

    @Test
    void isToldAgainAfterItWasOver() {
        failure.tell(new IllegalStateException("one"));
        failure.over();
        failure.tell(new IllegalStateException("two"));
        assertThat(told()).hasSize(2).last().asString().endsWith("two");
    }
}
