package dev.redrive.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.TcpProxy;
import dev.redrive.testkit.TcpProxy.Cut;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The way to Postgres breaks exactly where it hurts; {@code -Dfault.commits=200} is the check in full. */
class DatabaseFaultTest {

    private static final int CUTS = Integer.getInteger("fault.commits", 20);

    /** So that something is done between two cuts, and the pool has connections that work. */
    private static final int EVERY = 7;

    @Test
    @DisplayName(
            "F-05 (scaled to 20 cuts): a connection that is cut at its COMMIT, before or after it was heard, loses and doubles nothing")
    void cutAtACommitNothingIsLostOrDoubled() throws Exception {
        var url = Postgres.shared().freshDatabase();
        var commits = new AtomicInteger();
        var cuts = new AtomicInteger();
        try (var proxy = new TcpProxy(URI.create(url).getPort());
                var desk = new FaultDesk(
                        Broker.shared(),
                        url.replace(":" + URI.create(url).getPort(), ":" + proxy.port()),
                        UnaryOperator.identity())) {
            desk.start();
            var letters = desk.letters();
            proxy.cutAt(said -> judge(said, commits, cuts));
            while (cuts.get() < CUTS) {
                letters.write(60).awaitStored();
                desk.ended(letters.replay());
            }
            proxy.cutAt(said -> Cut.NONE);
            letters.provenOnce();
            assertThat(desk.hits(letters.open())).isZero();
        }
    }

    private static Cut judge(Buffer said, AtomicInteger commits, AtomicInteger cuts) {
        if (!said.toString(UTF_8).contains("COMMIT") || commits.incrementAndGet() % EVERY != 0 || cuts.get() >= CUTS) {
            return Cut.NONE;
        }
        return cuts.incrementAndGet() % 2 == 0 ? Cut.BEFORE : Cut.AFTER;
    }
}
