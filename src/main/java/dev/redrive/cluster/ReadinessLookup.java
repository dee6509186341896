package dev.redrive.cluster;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What is known of the readiness of topics without measuring anything. Any thread may ask. */
@FunctionalInterface
public interface ReadinessLookup {

    /**
     * @param cluster its name in the settings
     * @return the contract's ReadinessSummary; null where it was not measured lately
     */
    @Nullable
    JsonObject find(String cluster, String topic);
}
