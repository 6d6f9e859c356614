import Core

@testable import Dialogue

/// Three assistants to walk at random in: a shop, a bank with called flows, and one whose author overrides patterns.
enum SampleAssistants {
  static let names = ["shop", "bank", "odd"]

  static func named(_ name: String) -> AssistantDefinition {
    switch name {
    case "shop": shop
    case "bank": bank
    default: odd
    }
  }

  static let shop = assistant(
    [
      flow(
        "order_status", named: "order status",
        ask("order_number", rejections: [("not (slots.order_number matches '^[0-9]{8}$')", "utter_bad_number")]),
        run("get_order", .when("slots.outcome = 'completed'", "tell"), .to("sorry")),
        run("utter_status", id: "tell", .end),
        run("utter_sorry", id: "sorry")),
      flow(
        "change_address", named: "change of address",
        ask("order_number", voice: CollectVoice(confirmation: .below(Confidence(permille: 800)))),
        ask("address", voice: CollectVoice(confirmation: .explicit)),
        ask("change_ok", first: true, .when("slots.change_ok", "change"), .to("dropped")),
        run("set_address", id: "change", .when("slots.outcome = 'completed'", "told"), .to("person")),
        run("utter_changed", id: "told", .end), run("utter_dropped", id: "dropped", .end),
        link("pattern_human_handoff", id: "person")),
      flow("hours", named: "opening hours", run("utter_hours")),
      flow("vip", named: "vip desk", if: "slots.order_number matches '^9'", run("utter_vip")),
    ],
    slots: [
      slot("order_number", grammar: .digits(minimum: 8, maximum: 8), label: .identifier),
      slot("address", label: .address),
      slot("change_ok", .bool), slot("status", by: .controlled), slot("outcome", by: .controlled),
    ],
    responses: [
      response("utter_status", "Order {order_number} is {status}. Anything else?"),
      response("utter_ask_value_is_right", "{{context.value}}. Is that right?"),
      response("utter_hours", "We open at nine.", "From nine to five."),
    ],
    tools: [
      tool("get_order", from: ["order_number"], results: ["status"], outcome: "outcome", pattern: "[0-9]{8}"),
      tool(
        "set_address", changes: true, from: ["order_number", "address"], outcome: "outcome", confirmedBy: "change_ok"),
    ], destinations: ["desk"])

  static let bank = assistant(
    [
      flow(
        "transfer", named: "money transfer", call("identify"), ask("payee"),
        ask("amount", rejections: [("slots.amount > 500", "utter_too_much")]),
        ask("pay_ok", first: true, .when("slots.pay_ok", "pay"), .end), run("send_money", id: "pay"), run("utter_sent")),
      flow("identify", if: "false", ask("customer"), ask("pin", first: true), run("utter_thanks")),
      flow("balance", named: "balance", call("identify"), run("utter_balance")),
      flow(
        "block", named: "block a card", persisted: ["card"], ask("card"),
        branch("b", .when("slots.card = 'credit'", "c"), .to("d")), run("utter_credit", id: "c", .end),
        run("utter_debit", id: "d")),
      flow("loop", named: "counting", ask("payee", first: true, .when("slots.payee = 'again'", "ask_payee"), .end)),
    ],
    slots: [
      slot("customer", label: .identifier), slot("pin", label: .secret),
      slot("payee", rejections: [("slots.payee = 'nobody'", "utter_nobody")], refill: "utter_who"),
      slot("amount", .float(minimum: 0, maximum: 100_000)), slot("pay_ok", .bool),
      slot("card", .categorical(["Credit", "Debit"])),
      slot("outcome", by: .controlled),
    ],
    tools: [tool("send_money", changes: true, from: ["payee", "amount"], outcome: "outcome", confirmedBy: "pay_ok")],
    destinations: ["clerk"], profile: "c16")

  static let odd = assistant(
    [
      flow("pattern_session_start", run("utter_legal"), ask("consent", first: true), run("utter_welcome")),
      flow(
        "pattern_correction", ask("sure", first: true, .when("slots.sure", "do"), .end),
        run("action_correct_flow_slot", id: "do")),
      flow(
        "pattern_cancel_flow", ask("sure", first: true, .when("slots.sure", "do"), .end),
        run("action_cancel_flow", id: "do"), run("utter_gone")),
      flow("pattern_chitchat", run("utter_chat"), link("small")), flow("pattern_search", run("action_trigger_search")),
      flow("small", ask("mood", voice: CollectVoice(confirmation: .implicit))),
      flow("silent", branch("one", .to("two")), branch("two", .to("one"))),
      flow("deep", call("deep")), flow("broken", ask("mood"), run("action_missing")),
      flow("chain", ask("mood"), link("small")), flow("person", link("pattern_human_handoff")),
      flow("wide", call("chain2"), ask("sure"), call("chain2", id: "again"), run("utter_wide")),
      flow("chain2", ask("mood"), put("note", .text("x"))),
    ],
    slots: [slot("consent", .bool), slot("sure", .bool), slot("mood"), slot("note")],
    responses: [
      response(
        "utter_legal", variants: [ResponseVariant(text: text("This call is recorded."), interruption: .mustBeHeard)])
    ])
}
