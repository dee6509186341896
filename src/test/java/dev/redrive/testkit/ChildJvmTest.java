package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildJvmTest {

    @TempDir
    Path directory;

    /** Prints a variable, then ticks until somebody ends it. */
    public static final class Ticking {

        private Ticking() {}

        public static void main(String[] arguments) throws InterruptedException, IOException {
            System.out.println(arguments[0] + " " + System.getenv("TESTKIT") + " " + System.getProperty("testkit"));
            while (true) {
                System.out.println("tick");
                System.out.flush();
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    @Test
    void startsWithItsArgumentsAndDiesOfAKill() {
        try (var child = ticking()) {
            Eventually.until(Duration.ofSeconds(20), () -> child.output().contains("tick"));
            assertThat(child.output()).startsWith("argument variable property");
            child.kill9();
            assertThat(child.awaitExit(Duration.ZERO)).isEqualTo(137);
        }
    }

    @Test
    void standsStillWhilePausedAndGoesOn() {
        try (var child = ticking()) {
            Eventually.until(Duration.ofSeconds(20), () -> child.output().contains("tick"));
            child.pause();
            assertThat(state(child)).isEqualTo("T");
            child.resume();
            var before = child.output().length();
            Eventually.until(Duration.ofSeconds(20), () -> child.output().length() > before);
        }
    }

    @Test
    void endsOnATerm() {
        try (var child = ticking()) {
            Eventually.until(Duration.ofSeconds(20), () -> child.output().contains("tick"));
            child.sigterm();
            assertThat(child.awaitExit(Duration.ofSeconds(10))).isEqualTo(143);
        }
    }

    private ChildJvm ticking() {
        return ChildJvm.start(new ChildJvm.Program(
                Ticking.class.getName(),
                List.of("argument"),
                ChildJvm.ownClassPath(),
                List.of("-Dtestkit=property"),
                Map.of("TESTKIT", "variable"),
                directory.resolve("child.log")));
    }

    /** As Linux names it: T is stopped. */
    private static String state(ChildJvm child) {
        return Eventually.value(Duration.ofSeconds(5), "a stopped process", () -> {
            var stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
            return Optional.of(stat.split(" ")[2]).filter("T"::equals);
        });
    }
}
