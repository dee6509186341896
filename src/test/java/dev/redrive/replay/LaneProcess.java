package dev.redrive.replay;

import dev.redrive.Progress;
import dev.redrive.Settings;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.ChildJvm;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** All lanes of a rig and nothing else in a process of its own, to be killed. */
public final class LaneProcess {

    private LaneProcess() {}

    /** @param failpoints as in {@link dev.redrive.Failpoint}; empty for none */
    static ChildJvm start(ReplayRig rig, String failpoints) {
        return start(rig, failpoints, Mode.STRICT);
    }

    /** @param mode what the cluster is taken for */
    static ChildJvm start(ReplayRig rig, String failpoints, Mode mode) {
        return ChildJvm.start(new ChildJvm.Program(
                LaneProcess.class.getName(),
                List.of(
                        rig.databaseUrl,
                        rig.broker.bootstrapServers(),
                        rig.cluster.settings().lease().toString(),
                        Integer.toString(rig.cluster.settings().lanes()),
                        mode.word()),
                ChildJvm.ownClassPath(),
                List.of("-Xmx128m", "-Dredrive.failpoint=" + failpoints),
                Map.of(),
                Path.of("target", "testkit", "lane-" + UUID.randomUUID() + ".log")));
    }

    /** Arguments: database, bootstrap servers, lease, lanes, mode. */
    public static void main(String[] arguments) {
        var vertx = Vertx.vertx();
        var pool = new Database(new Settings.Database(arguments[0], 4)).open(vertx);
        var kafka = new Settings.Cluster(
                ReplayRig.CLUSTER, "redrive", Map.of("bootstrap.servers", arguments[1]), List.of(), List.of());
        int number = Integer.parseInt(arguments[3]);
        var settings = new Settings.Replay(number, ReplayRig.MAX_ATTEMPTS, Duration.parse(arguments[2]));
        var cluster = new TargetCluster(vertx, new KafkaClients(kafka), settings);
        var lanes = new Lanes(
                cluster,
                pool,
                ReplayRig.WINDOW,
                (connection, hold) -> Future.succeededFuture(),
                new ReplayMetrics(new SimpleMeterRegistry()),
                FallbackRecovery.Patience.STANDARD,
                Mode.of(arguments[4]));
        for (int lane = 0; lane < number; lane++) {
            vertx.deployVerticle(new ReplayVerticle(lanes, lane, new Progress().loop("lane")))
                    .await();
        }
    }
}
