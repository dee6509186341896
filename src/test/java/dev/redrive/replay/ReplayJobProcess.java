package dev.redrive.replay;

import dev.redrive.Progress;
import dev.redrive.Settings;
import dev.redrive.job.Jobs;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.ChildJvm;
import dev.redrive.transform.Transforms;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The engine of jobs and the lanes in a process of its own, to be killed. */
public final class ReplayJobProcess {

    private ReplayJobProcess() {}

    /** @param failpoints as in {@link dev.redrive.Failpoint}; empty for none */
    static ChildJvm start(ReplayRig rig, String failpoints) {
        return ChildJvm.start(new ChildJvm.Program(
                ReplayJobProcess.class.getName(),
                List.of(
                        rig.databaseUrl,
                        rig.broker.bootstrapServers(),
                        rig.cluster.settings().lease().toString(),
                        Integer.toString(rig.cluster.settings().lanes())),
                ChildJvm.ownClassPath(),
                List.of("-Xmx128m", "-Dredrive.failpoint=" + failpoints),
                Map.of(),
                Path.of("target", "testkit", "replay-job-" + UUID.randomUUID() + ".log")));
    }

    /** Arguments: database, bootstrap servers, lease of lanes, lanes. */
    public static void main(String[] arguments) {
        var vertx = Vertx.vertx();
        var pool = new Database(new Settings.Database(arguments[0], 6)).open(vertx);
        var kafka = new Settings.Cluster(
                ReplayRig.CLUSTER, "redrive", Map.of("bootstrap.servers", arguments[1]), List.of(), List.of());
        int lanes = Integer.parseInt(arguments[3]);
        var settings = new Settings.Replay(lanes, ReplayRig.MAX_ATTEMPTS, Duration.parse(arguments[2]));
        var cluster = new TargetCluster(vertx, new KafkaClients(kafka), settings);
        var work = new ReplayWork(
                Map.of(ReplayRig.CLUSTER, cluster),
                lanes,
                ReplayRig.MAX_ATTEMPTS,
                ReplayRig.WINDOW,
                new Transforms(vertx),
                new ReplayMetrics(new SimpleMeterRegistry()));
        new Jobs(vertx, pool, List.of(work)).deploy(new SimpleMeterRegistry()).await();
        var all = new Lanes(
                cluster,
                pool,
                ReplayRig.WINDOW,
                (connection, hold) -> Future.succeededFuture(),
                new ReplayMetrics(new SimpleMeterRegistry()));
        for (int lane = 0; lane < lanes; lane++) {
            vertx.deployVerticle(new ReplayVerticle(all, lane, new Progress().loop("lane")))
                    .await();
        }
    }
}
