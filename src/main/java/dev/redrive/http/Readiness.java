package dev.redrive.http;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Whether this process can serve. Probes may be added from any thread while it starts. */
public final class Readiness {

    /** @param required without it the process is not ready; otherwise only degraded */
    private record Probe(String name, boolean required, Supplier<Future<?>> ask) {}

    /** A probe slower than this counts as failed. */
    private static final long TIMEOUT_SECONDS = 2;

    private final List<Probe> probes = new CopyOnWriteArrayList<>();

    private volatile boolean started;

    /** Until then the process is not ready, whatever the probes say. */
    public void started() {
        started = true;
    }

    /** From now on no more requests should be sent here. */
    public void stopping() {
        started = false;
    }

    /** Without it nothing works, such as Postgres. */
    public Readiness require(String name, Supplier<Future<?>> probe) {
        probes.add(new Probe(name, true, probe));
        return this;
    }

    /** Without it part of the work waits, such as Kafka: letters can still be read. */
    public Readiness watch(String name, Supplier<Future<?>> probe) {
        probes.add(new Probe(name, false, probe));
        return this;
    }

    /** @param status {@code up}, {@code degraded} or {@code down} */
    record Health(String status, JsonArray checks) {
        JsonObject toJson() {
            return new JsonObject().put("status", status).put("checks", checks);
        }
    }

    /** Asks all probes at the same time; never fails. */
    Future<Health> check() {
        var asked = probes.stream().map(Readiness::ask).toList();
        return Future.join(asked).map(all -> {
            var checks = new JsonArray();
            checks.add(new JsonObject().put("name", "started").put("ok", started));
            boolean ready = started;
            boolean whole = true;
            for (int i = 0; i < asked.size(); i++) {
                boolean ok = asked.get(i).result();
                whole &= ok;
                ready &= ok || !probes.get(i).required();
                checks.add(new JsonObject().put("name", probes.get(i).name()).put("ok", ok));
            }
            return new Health(ready ? (whole ? "up" : "degraded") : "down", checks);
        });
    }

    private static Future<Boolean> ask(Probe probe) {
        return Future.succeededFuture()
                .compose(now -> probe.ask().get())
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .map(answered -> true)
                .recover(failure -> Future.succeededFuture(false));
    }
}
