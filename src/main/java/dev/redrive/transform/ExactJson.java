package dev.redrive.transform;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** JSON texts to trees and back, without a change of a digit, a name or an order. What cannot be kept is refused. */
final class ExactJson {

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // As a quoted text it would be another value without a word.
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    private static final String REPEATED = "Duplicate field ";

    private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

    private ExactJson() {}

    /** As {@link Transformed.Failed}. */
    static final class UnfitException extends Exception {
        private static final long serialVersionUID = 1L;
        private final Transformed.Failed failed;

        UnfitException(String why) {
            this(why, null);
        }

        UnfitException(String why, @Nullable String detail) {
            super(why);
            this.failed = new Transformed.Failed(why, detail);
        }

        Transformed.Failed failed() {
            return failed;
        }
    }

    /** @param bytes one JSON text in UTF-8 and nothing else */
    static JsonNode read(byte[] bytes) throws UnfitException {
        try {
            return read(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            throw new UnfitException("is not JSON in UTF-8");
        }
    }

    static JsonNode read(String text) throws UnfitException {
        try (var parser = FACTORY.createParser(text)) {
            return read(parser);
        } catch (StreamConstraintsException tooMuch) {
            throw new UnfitException("is JSON that is nested too deeply, or has a number or a name that is too long");
        } catch (JsonParseException invalid) {
            var said = invalid.getOriginalMessage();
            // The message of Jackson ends with the name.
            throw said.startsWith(REPEATED)
                    ? new UnfitException("has a name twice in one object", said.substring(REPEATED.length()))
                    : new UnfitException("is not JSON");
        } catch (IOException invalid) {
            throw new UnfitException("is not JSON");
        }
    }

    private static JsonNode read(JsonParser parser) throws IOException, UnfitException {
        Deque<ContainerNode<?>> open = new ArrayDeque<>();
        @Nullable JsonNode root = null;
        for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token.isStructEnd()) {
                open.pop();
            } else if (token != JsonToken.FIELD_NAME) {
                if (root != null && open.isEmpty()) {
                    throw new UnfitException("is more than one JSON text");
                }
                var node = node(parser, token);
                put(open.peek(), parser, node);
                root = root == null ? node : root;
                if (node instanceof ContainerNode<?> container) {
                    open.push(container);
                }
            }
        }
        if (root == null) {
            throw new UnfitException("is empty");
        }
        return root;
    }

    private static void put(@Nullable ContainerNode<?> parent, JsonParser parser, JsonNode node) throws IOException {
        if (parent instanceof ArrayNode array) {
            array.add(node);
        } else if (parent instanceof ObjectNode object) {
            // Of a container the parser has gone one level down already.
            var context = parser.getParsingContext();
            object.set(node.isContainerNode() ? context.getParent().getCurrentName() : context.getCurrentName(), node);
        }
    }

    private static JsonNode node(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> JsonNodeFactory.instance.objectNode();
            case START_ARRAY -> JsonNodeFactory.instance.arrayNode();
            case VALUE_STRING -> TextNode.valueOf(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new WrittenNumber(parser.getText());
            case VALUE_TRUE, VALUE_FALSE -> BooleanNode.valueOf(token == JsonToken.VALUE_TRUE);
            default -> NullNode.getInstance();
        };
    }

    /** @return compact, in UTF-8 */
    static byte[] write(JsonNode node) throws UnfitException {
        try (var out = new Bounded()) {
            MAPPER.writeValue(out, node);
            return out.toByteArray();
        } catch (TooLargeException tooLarge) {
            throw new UnfitException("would be larger than 4 MiB");
        } catch (IOException invalid) {
            throw new UnfitException("would not be JSON any more", invalid.getMessage());
        }
    }

    private static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Bounded extends ByteArrayOutputStream {

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            if (size() + length > Frames.LARGEST) {
                throw new TooLargeException();
            }
            super.write(bytes, offset, length);
        }
    }
}
