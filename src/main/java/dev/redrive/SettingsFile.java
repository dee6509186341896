package dev.redrive;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The YAML file at {@code REDRIVE_CONFIG}, flattened to the names of the environment: {@code kafka.groupId} and
 * {@code kafka: {group-id: …}} are {@code REDRIVE_KAFKA_GROUP_ID}; {@code clusters: [{…}]} are
 * {@code REDRIVE_CLUSTERS_0_…}.
 */
final class SettingsFile {

    private SettingsFile() {}

    /**
     * @return the file's values with the environment over them; only names that begin with REDRIVE_
     * @throws Settings.InvalidSettingsException if there is a file that cannot be read
     */
    static Map<String, String> under(Map<String, String> environment) {
        var values = new HashMap<String, String>();
        var file = environment.get("REDRIVE_CONFIG");
        if (file != null && !file.isBlank()) {
            try (Reader reader = Files.newBufferedReader(Path.of(file))) {
                Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
                flatten("REDRIVE", root, values);
            } catch (IOException | YAMLException unreadable) {
                throw new Settings.InvalidSettingsException(
                        List.of("REDRIVE_CONFIG names " + file + ", which cannot be read: " + unreadable.getMessage()));
            }
        }
        environment.forEach((name, value) -> {
            if (name.startsWith("REDRIVE_")) {
                values.put(name, value);
            }
        });
        return values;
    }

    private static void flatten(String name, Object node, Map<String, String> values) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> flatten(name + "_" + environmentName(String.valueOf(key)), value, values));
        } else if (node instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)) {
            for (int i = 0; i < list.size(); i++) {
                flatten(name + "_" + i, list.get(i), values);
            }
        } else if (node instanceof List<?> list) {
            values.put(name, String.join(",", list.stream().map(String::valueOf).toList()));
        } else if (node != null) {
            values.put(name, node.toString());
        }
    }

    private static String environmentName(String key) {
        return key.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("[.-]", "_")
                .toUpperCase(Locale.ROOT);
    }
}
