package dev.redrive.transfer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Typed reads from a line of an import; whatever does not fit is a {@link LineException} that names the field. */
record Fields(JsonObject json, String path) {

    Fields object(String name) {
        var inner = maybeObject(name);
        if (inner == null) {
            throw wrong(name);
        }
        return inner;
    }

    @Nullable
    Fields maybeObject(String name) {
        var value = json.getValue(name);
        if (value == null) {
            return null;
        }
        if (value instanceof JsonObject object) {
            return new Fields(object, path + name + ".");
        }
        throw wrong(name);
    }

    JsonArray array(String name) {
        if (json.getValue(name) instanceof JsonArray array) {
            return array;
        }
        throw wrong(name);
    }

    String text(String name) {
        var text = maybeText(name);
        if (text == null) {
            throw wrong(name);
        }
        return text;
    }

    @Nullable
    String maybeText(String name) {
        var value = json.getValue(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrong(name);
    }

    boolean flag(String name) {
        if (json.getValue(name) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name);
    }

    int integer(String name, int least) {
        var number = maybeInteger(name);
        if (number == null || number < least) {
            throw wrong(name);
        }
        return number;
    }

    @Nullable
    Integer maybeInteger(String name) {
        var number = maybeNumber(name);
        if (number != null && number != number.intValue()) {
            throw wrong(name);
        }
        return number == null ? null : number.intValue();
    }

    /** A number, as such or as text. */
    @Nullable
    Long maybeNumber(String name) {
        var value = json.getValue(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        return read(name, Long::valueOf);
    }

    long number(String name) {
        var number = maybeNumber(name);
        if (number == null) {
            throw wrong(name);
        }
        return number;
    }

    @Nullable
    Buffer maybeBytes(String name) {
        var text = maybeText(name);
        return text == null
                ? null
                : read(name, base64 -> Buffer.buffer(Base64.getDecoder().decode(base64)));
    }

    Buffer bytes(String name) {
        var bytes = maybeBytes(name);
        if (bytes == null) {
            throw wrong(name);
        }
        return bytes;
    }

    UUID uuid(String name) {
        return read(name, UUID::fromString);
    }

    /** A text that something can be made of. */
    <T> T read(String name, Function<String, T> reader) {
        try {
            return reader.apply(text(name));
        } catch (LineException wrong) {
            throw wrong;
        } catch (RuntimeException unreadable) {
            throw wrong(name);
        }
    }

    LineException wrong(String name) {
        return new LineException("The field " + path + name + " is missing or not as an export writes it");
    }
}
