package dev.redrive.cluster;

import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is known of the readiness of topics without measuring anything. Any thread may ask. */
@FunctionalInterface
public interface ReadinessLookup {

    /**
     * @param cluster its name in the settings
     * @param id of the incarnation: what was found of another one of its name says nothing about it
     * @return the contract's ReadinessSummary; null where it was not measured lately
     */
    @Nullable
    JsonObject find(String cluster, String topic, UUID id);
}
