package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupFilterTest {

    private GroupDesk desk;
    private String shop;
    private String bank;
    private String bare;

    @BeforeEach
    void store() throws Exception {
        desk = new GroupDesk();
        shop = desk.letters("shop.PriceException", "price is missing");
        desk.letters("eu.bank.PriceException", "price is missing");
        bank = desk.sql("SELECT max(id) FROM failure_group").get(0).getLong(0).toString();
        bare = desk.letters("PlainError", "tax is missing");
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    @Test
    void aPackageThatWasWrittenIsThatOfTheClass() throws Exception {
        assertThat(desk.listed("class:shop.*")).containsExactly(shop);
        assertThat(desk.listed("class:shop.Price*,nobody.*")).containsExactly(shop);
        assertThat(desk.listed("class:eu.bank.PriceException")).containsExactly(bank);
        assertThat(desk.listed("class:bank.PriceException")).containsExactly(bank);
        assertThat(desk.listed("class:PriceException")).containsExactlyInAnyOrder(shop, bank);
        assertThat(desk.listed("-class:shop.*")).containsExactlyInAnyOrder(bank, bare);
        assertThat(desk.listed("class:org.acme.PlainError")).containsExactly(bare);
        assertThat(desk.listed("class:nobody.*")).isEmpty();
    }

    @Test
    void aGroupWithoutLettersIsShownToWhoeverNamesItAlone() throws Exception {
        desk.sql("UPDATE failure_group_counter SET letters = 0 WHERE failure_group_id = " + bare);
        assertThat(desk.listed("group:" + bare)).containsExactly(bare);
        assertThat(desk.listed("-group:4711")).containsExactlyInAnyOrder(shop, bank);
    }
}
