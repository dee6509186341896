package dev.redrive.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An edit as a program. */
class EditProgramTest {

    private static final List<String> NAMES =
            List.of("a", "amount", "end", "two words", "$x", "0", "", "é\"\\(1)", "and", "__loc__", "x-y");
    private static final List<String> NUMBERS = List.of(
            "1", "0", "-3", "1.0", "12.50", "0.1", "-0", "-1.5", "9007199254740993", "1e3", "1E-7", "123456.75");

    @Test
    void namesEachFieldThatDiffers() {
        var made = EditProgram.of(
                Buffer.buffer("{\"amount\":\"12,50\",\"coupon\":\"X\",\"items\":[{\"qty\":0},{\"qty\":1}],\"a b\":1}"),
                Buffer.buffer("{\"amount\":12.5,\"items\":[{\"qty\":2}],\"a b\":2,\"id\":9007199254740993}"));
        assertThat(made.program())
                .isEqualTo(
                        ".amount = 12.5 | .items[0].qty = 2 | .[\"a b\"] = 2 | .id = (\"9007199254740993\" | tonumber)"
                                + " | del(.coupon, .items[1])");
    }

    @Test
    void saysWhyThereIsNone() {
        var value = Buffer.buffer("{\"a\":1}");
        assertThat(EditProgram.of(value, Buffer.buffer("{ \"a\": 1 }")).why()).contains("only its layout");
        assertThat(EditProgram.of(value, Buffer.buffer("nothing")).why()).isEqualTo("One side is not JSON");
        assertThat(EditProgram.of(null, value).why()).contains("tombstone");
        assertThat(EditProgram.of(value, Buffer.buffer("\"" + "x".repeat(20_000) + "\""))
                        .program())
                .isNull();
    }

    @Test
    void theProgramMakesTheEditOfWhatWasEdited() throws Exception {
        var random = new Random(11);
        for (int i = 0; i < 1_000; i++) {
            var before = random(random, 3);
            var after = edited(random, before, 3);
            var program = EditProgram.of(bytes(before), bytes(after)).program();
            if (program == null) {
                assertThat(ExactJson.write(before)).isEqualTo(ExactJson.write(after));
                continue;
            }
            var made = JqProgram.read(program).run(ExactJson.write(before));
            assertThat(made).as(program).isInstanceOf(Transformed.Changed.class);
            // Equal whatever the order of names.
            assertThat(ExactJson.read(((Transformed.Changed) made).value().getBytes()))
                    .as("%s%non %s", program, before)
                    .isEqualTo(after);
        }
    }

    private static Buffer bytes(JsonNode node) throws ExactJson.UnfitException {
        return Buffer.buffer(ExactJson.write(node));
    }

    private static <T> T one(Random random, List<T> several) {
        return several.get(random.nextInt(several.size()));
    }

    private static JsonNode random(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 0 -> new WrittenNumber(one(random, NUMBERS));
            case 1 -> TextNode.valueOf(one(random, NAMES) + "\n\u0001\u2028😀");
            case 2 -> BooleanNode.valueOf(random.nextBoolean());
            case 3 -> NullNode.getInstance();
            case 4 -> {
                var array = JsonNodeFactory.instance.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(random(random, depth - 1));
                }
                yield array;
            }
            default -> {
                var object = JsonNodeFactory.instance.objectNode();
                for (int i = random.nextInt(5); i > 0; i--) {
                    object.set(one(random, NAMES), random(random, depth - 1));
                }
                yield object;
            }
        };
    }

    private static JsonNode edited(Random random, JsonNode node, int depth) {
        if (node instanceof ObjectNode object && random.nextInt(8) > 0) {
            var copy = JsonNodeFactory.instance.objectNode();
            object.fieldNames().forEachRemaining(name -> {
                if (random.nextInt(5) > 0) {
                    copy.set(name, edited(random, object.get(name), depth - 1));
                }
            });
            if (random.nextInt(3) == 0) {
                copy.set(one(random, NAMES), random(random, Math.max(0, depth - 1)));
            }
            return copy;
        }
        if (node instanceof ArrayNode array && random.nextInt(8) > 0) {
            var copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> copy.add(edited(random, element, depth - 1)));
            if (copy.size() > 0 && random.nextInt(3) == 0) {
                copy.remove(random.nextInt(copy.size()));
            } else if (random.nextInt(3) == 0) {
                copy.add(random(random, Math.max(0, depth - 1)));
            }
            return copy;
        }
        return random.nextInt(3) == 0 ? random(random, Math.max(0, depth)) : node;
    }
}
