package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.LogLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LastingFailureTest {

    private final LogLines lines = LogLines.of(LastingFailureTest.class);
    private final LastingFailure failure =
            new LastingFailure(LoggerFactory.getLogger(LastingFailureTest.class), "Topics are not looked at for now");

    @AfterEach
    void leave() {
        lines.close();
    }

    @Test
    void isToldOnceWhileItLasts() {
        failure.tell(new IllegalStateException("no answer"));
        failure.tell(new IllegalStateException("still none"));
        assertThat(lines.warnings())
                .containsExactly("Topics are not looked at for now: java.lang.IllegalStateException: no answer");
        assertThat(lines.infos()).isEmpty();
    }

    @Test
    void isToldToBeOverOnce() {
        failure.over();
        failure.tell(new IllegalStateException("no answer"));
        failure.over();
        failure.over();
        assertThat(lines.infos()).containsExactly("Over after 0 s: Topics are not looked at for now");
    }

    @Test
    void isToldAgainAfterItWasOver() {
        failure.tell(new IllegalStateException("one"));
        failure.over();
        failure.tell(new IllegalStateException("two"));
        assertThat(lines.warnings()).hasSize(2).last().asString().endsWith("two");
    }
}
