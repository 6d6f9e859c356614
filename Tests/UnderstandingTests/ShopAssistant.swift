import Core

/// A shop's assistant, small but whole: what the regression set is asked against.
enum ShopAssistant {
  static let definition = AssistantDefinition(
    version: AssistantVersion(name: "shop", contentHash: "0"), locale: .americanEnglish,
    persona: Persona(name: "Joe", voice: "joe"),
    flows: Dictionary(uniqueKeysWithValues: flows.map { ($0.id, $0) }),
    slots: Dictionary(uniqueKeysWithValues: slots.map { ($0.name, $0) }), responses: [:], tools: [:], destinations: [:],
    voice: VoiceDefaults(), profile: "c16")

  private static let here = SourceLocation(file: "flows.yml", line: 1, column: 1)

  private static func flow(_ id: FlowID, _ summary: String, collects: [SlotName], examples: [String]) -> Flow {
    Flow(
      id: id, name: summary, summary: summary,
      steps: collects.map { FlowStep(id: StepID($0.rawValue), kind: .collect(CollectStep(slot: $0)), source: here) },
      examples: examples, source: here)
  }

  private static let slots: [SlotDefinition] = [
    SlotDefinition(
      name: "order_number", type: .text, grammar: .digits(minimum: 8, maximum: 8), label: .identifier, source: here),
    SlotDefinition(name: "new_address", type: .text, grammar: .address, label: .address, source: here),
    SlotDefinition(name: "address_confirmed", type: .bool, source: here),
    SlotDefinition(name: "delivery_date", type: .text, grammar: .date, source: here),
    SlotDefinition(name: "date_confirmed", type: .bool, source: here),
    SlotDefinition(name: "case_summary", type: .text, grammar: .freeText, source: here),
    SlotDefinition(name: "email", type: .text, grammar: .email, source: here),
    SlotDefinition(name: "continue_conversation", type: .bool, source: here),
    SlotDefinition(name: "order_state", type: .text, filledBy: .controlled, source: here),
    SlotDefinition(
      name: "speed", type: .categorical(["standard", "express"]),
      grammar: .choice([
        SlotChoice(value: "standard", synonyms: ["regular", "normal"]),
        SlotChoice(value: "express", synonyms: ["fast", "overnight"]),
      ]), source: here),
  ]

  private static let flows: [Flow] = [
    flow(
      "order_status", "tell where an order is and when it arrives", collects: ["order_number"],
      examples: [
        "where is my order", "I want to know the status of my order", "when will my package arrive", "track my order",
        "has my order shipped yet", "what's happening with my delivery", "can you check on my order for me",
        "I haven't received my package", "is my parcel on its way", "when is my stuff coming", "order status please",
        "I'm still waiting for my order",
      ]),
    flow(
      "change_address", "change the delivery address of an order",
      collects: ["order_number", "new_address", "address_confirmed"],
      examples: [
        "I want to change my delivery address", "change my address", "I moved, can you send it somewhere else",
        "the shipping address is wrong", "please deliver it to a different address", "I need to update my address",
        "I entered the wrong address", "can you ship my order to my office instead", "send my package to a new address",
        "I gave you my old address", "correct the address on my order",
      ]),
    flow(
      "move_delivery", "move a delivery to another day",
      collects: ["order_number", "delivery_date", "speed", "date_confirmed"],
      examples: [
        "I want to move my delivery", "can you deliver on another day", "reschedule my delivery",
        "I won't be home on Tuesday",
        "change the delivery date", "can it come later this week", "deliver it on Friday instead",
        "postpone my delivery",
        "I need a different delivery day", "can I get it earlier", "I'm on vacation next week, please deliver later",
      ]),
    flow(
      "open_case", "open a case for a problem with an order", collects: ["order_number", "case_summary", "email"],
      examples: [
        "my order arrived damaged", "something is missing from my package", "I got the wrong item",
        "I have a problem with my order",
        "the product is broken", "I want to file a complaint", "the shoes don't fit", "I'd like to report a problem",
        "there's an issue with what you sent me", "the box was empty", "it doesn't work",
        "I want to send something back",
      ]),
  ]
}
