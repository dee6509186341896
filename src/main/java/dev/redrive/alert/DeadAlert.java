package dev.redrive.alert;

import dev.redrive.http.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells an endpoint that another one does not take what it is sent. Of such an event's own death nobody is told. */
final class DeadAlert {

    static final String DEAD = "redrive.delivery.dead";
    static final String DISABLED = "redrive.endpoint.disabled";

    private final Links links;

    DeadAlert(Links links) {
        this.links = links;
    }

    /**
     * @param endpoint that was to be told
     * @param dead its deliveries that nobody will try again by themselves
     * @param at by the clock of the database; with the endpoint it makes the episode
     * @param off what it did, for which it was switched off; null while it stays active
     * @param rule that wants it told
     */
    record Silent(
            int endpoint,
            String name,
            long dead,
            Instant at,
            @Nullable String off,
            String rule,
            String severity,
            @Nullable String runbook) {}

    AlertEvent event(Silent silent) {
        var deliveries = silent.dead() == 1 ? "1 delivery is dead" : silent.dead() + " deliveries are dead";
        var name = PlainText.of(silent.name(), 100);
        var title = silent.off() != null
                ? name + " " + silent.off() + " and is told nothing more; " + deliveries
                : "Alerts do not reach " + name + "; " + deliveries;
        var data = new JsonObject()
                .put("alert", "delivery-dead")
                .put("title", title)
                .put("status", "info")
                .put("rule", silent.rule())
                .put("severity", silent.severity())
                .put("since", Times.rfc3339(silent.at()))
                .put("count", silent.dead())
                .put(
                        "subject",
                        new JsonObject()
                                .put("kind", "endpoint")
                                .put("id", Integer.toString(silent.endpoint()))
                                .put("title", name))
                .put("runbook", silent.runbook())
                .put("link", links.page("/alerts/deliveries?state=dead&endpointId=" + silent.endpoint()))
                .put(
                        "commands",
                        JsonArray.of(
                                links.curl("/deliveries?state=dead&endpointId=" + silent.endpoint()),
                                links.curl("/webhooks/" + silent.endpoint())));
        var episode = "endpoint:" + silent.endpoint() + ":" + silent.at().toEpochMilli();
        return new AlertEvent(silent.off() != null ? DISABLED : DEAD, episode, null, data);
    }
}
