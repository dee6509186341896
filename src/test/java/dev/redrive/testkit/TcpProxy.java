package dev.redrive.testkit;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Stands in front of a server of this machine and forwards what comes, until it is told to do worse: to swallow, to
 * delay, to cut all connections, or to cut one at what its client says. After toxiproxy's list.
 */
public final class TcpProxy implements AutoCloseable {

    private static final String HERE = "127.0.0.1";

    /** What becomes of a connection when its client says something. */
    public enum Cut {
        NONE,
        /** The server never hears it. */
        BEFORE,
        /** The server has heard it and acted, and its answer is lost. */
        AFTER
    }

    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient(new NetClientOptions().setSoLinger(0));
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private final Random random = new Random(10);
    private final int target;
    private final NetServer server;
    private volatile boolean hole;
    private volatile long delayMillis;
    private volatile long jitterMillis;
    private volatile Function<Buffer, Cut> judge = said -> Cut.NONE;

    /** @param target port of the server, which need not be there yet */
    public TcpProxy(int target) {
        this.target = target;
        // Linger 0: what is closed here is reset, as by a firewall that lost its memory.
        this.server = vertx.createNetServer(new NetServerOptions().setSoLinger(0))
                .connectHandler(this::forward)
                .listen(0, HERE)
                .timeout(10, TimeUnit.SECONDS)
                .await();
    }

    public int port() {
        return server.actualPort();
    }

    private void forward(NetSocket in) {
        in.pause();
        client.connect(target, HERE).onFailure(refused -> in.close()).onSuccess(out -> {
            var asked = new TcpStretch(vertx, out, this::delay);
            var answered = new TcpStretch(vertx, in, this::delay);
            join(in, said -> say(said, in, out, asked, answered), asked);
            join(out, answered::pass, answered);
            if (!hole) {
                in.resume();
            }
        });
    }

    private void join(NetSocket from, Handler<Buffer> said, TcpStretch stretch) {
        sockets.add(from);
        from.exceptionHandler(broken -> {}).handler(said).closeHandler(closed -> {
            sockets.remove(from);
            stretch.end();
        });
        if (hole) {
            from.pause();
        }
    }

    private void say(Buffer said, NetSocket in, NetSocket out, TcpStretch asked, TcpStretch answered) {
        switch (judge.apply(said)) {
            case NONE -> asked.pass(said);
            case BEFORE -> {
                in.close();
                out.close();
            }
            case AFTER -> {
                out.handler(answer -> {
                    in.close();
                    out.close();
                });
                asked.pass(said);
            }
        }
    }

    private long delay() {
        return delayMillis == 0 ? 0 : delayMillis - jitterMillis + random.nextInt((int) (2 * jitterMillis) + 1);
    }

    /** Connections stay and new ones are taken, but no byte goes through any more. */
    public void swallow() {
        hole = true;
        sockets.forEach(NetSocket::pause);
    }

    /** What was held back goes through now. */
    public void forwardAgain() {
        hole = false;
        sockets.forEach(NetSocket::resume);
    }

    /** Every byte of either direction comes so much later, more or less; in order. Zero ends it. */
    public void delay(Duration mean, Duration jitter) {
        delayMillis = mean.toMillis();
        jitterMillis = jitter.toMillis();
    }

    /** All connections end by a reset; new ones are taken. */
    public void reset() {
        sockets.forEach(NetSocket::close);
    }

    /** @param judge asked on this proxy's thread for each piece that a client sends */
    public void cutAt(Function<Buffer, Cut> judge) {
        this.judge = judge;
    }

    @Override
    public void close() {
        vertx.close().timeout(10, TimeUnit.SECONDS).await();
    }
}
