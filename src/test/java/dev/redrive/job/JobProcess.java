package dev.redrive.job;

import dev.redrive.Settings;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.ChildJvm;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The engine of jobs and nothing else in a process of its own, to be killed. */
public final class JobProcess {

    private JobProcess() {}

    /** @param failpoints as in {@link dev.redrive.Failpoint}; empty for none */
    static ChildJvm start(String database, Duration lease, String failpoints) {
        return ChildJvm.start(new ChildJvm.Program(
                JobProcess.class.getName(),
                List.of(database, lease.toString()),
                ChildJvm.ownClassPath(),
                List.of("-Xmx96m", "-XX:TieredStopAtLevel=1", "-Dredrive.failpoint=" + failpoints),
                Map.of(),
                Path.of("target", "testkit", "jobs-" + UUID.randomUUID() + ".log")));
    }

    /** Arguments: database, lease. */
    public static void main(String[] arguments) {
        var vertx = Vertx.vertx();
        var pool = new Database(new Settings.Database(arguments[0], 4)).open(vertx);
        new Jobs(vertx, pool, List.of(), Duration.parse(arguments[1]))
                .deploy(new SimpleMeterRegistry())
                .await();
    }
}
