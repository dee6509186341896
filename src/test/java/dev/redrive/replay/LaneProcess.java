package dev.redrive.replay;

import dev.redrive.Settings;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.ChildJvm;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Lane 0 and nothing else in a process of its own, to be killed. */
public final class LaneProcess {

    private LaneProcess() {}

    /** @param failpoints as in {@link dev.redrive.Failpoint}; empty for none */
    static ChildJvm start(ReplayRig rig, String failpoints) {
        return ChildJvm.start(new ChildJvm.Program(
                LaneProcess.class.getName(),
                List.of(
                        rig.databaseUrl,
                        rig.broker.bootstrapServers(),
                        rig.cluster.settings().lease().toString()),
                ChildJvm.ownClassPath(),
                List.of("-Xmx128m", "-Dredrive.failpoint=" + failpoints),
                Map.of(),
                Path.of("target", "testkit", "lane-" + UUID.randomUUID() + ".log")));
    }

    /** Arguments: database, bootstrap servers, lease. */
    public static void main(String[] arguments) {
        var vertx = Vertx.vertx();
        var pool = new Database(new Settings.Database(arguments[0], 4)).open(vertx);
        var kafka = new Settings.Cluster(
                ReplayRig.CLUSTER, "redrive", Map.of("bootstrap.servers", arguments[1]), List.of(), List.of());
        var settings = new Settings.Replay(1, ReplayRig.MAX_ATTEMPTS, Duration.parse(arguments[2]));
        var cluster = new TargetCluster(vertx, new KafkaClients(kafka), settings);
        vertx.deployVerticle(new ReplayVerticle(cluster, pool, ReplayRig.WINDOW, 0))
                .await();
    }
}
