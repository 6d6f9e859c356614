import Core
import Testing

@testable import Assistant

/// The example assistant that ships with the source.
@Suite struct ShopTests {
  private func shop() throws -> LoadedAssistant { try AssistantLoader.load(folder: repository + "/Examples/shop") }

  @Test func `the shop loads without a word`() throws {
    #expect(try shop().problems == [])
  }

  @Test func `the shop's journeys are known, with twenty examples each and a key`() throws {
    let definition = try shop().definition
    #expect(
      definition.journeys.map(\.id) == [
        "change_address", "move_delivery", "open_case", "order_status", "speak_to_person",
      ])
    for flow in definition.journeys {
      #expect(flow.examples.count >= 20, "\(flow.id)")
      #expect(flow.examples.contains { $0.split(separator: " ").count <= 3 }, "a short one for \(flow.id)")
      #expect(
        flow.examples.allSatisfy { $0 == $0.lowercased() && !$0.contains("?") && !$0.contains(",") }, "\(flow.id)")
    }
    #expect(Set(definition.journeys.compactMap(\.voice.menuKey)).count == 5)
    #expect(
      Set(definition.journeys.flatMap(\.examples)).count == definition.journeys.map(\.examples.count).reduce(0, +))
  }

  @Test func `the legal sentence comes first, word for word, and is heard to its end`() throws {
    let definition = try shop().definition
    let greeting = try #require(definition.flows["pattern_session_start"])
    let actions = greeting.steps.map(\.kind)
    #expect(
      actions == [.action("action_session_start"), .action("utter_legal_notice"), .action("utter_how_can_i_help")])
    let notice = try #require(definition.responses["utter_legal_notice"]?.variants)
    #expect(notice.map(\.interruption) == [.mustBeHeard])
    #expect(
      notice.map(\.text.plain) == [
        "Welcome to Larkfield. This call is answered by an automated assistant and may be recorded for quality."
      ])
  }

  @Test func `no sentence of the shop has thirty words or asks for two things`() throws {
    for response in try shop().definition.responses.values {
      for variant in response.variants {
        let text = variant.text.plain
        #expect(text.split(separator: " ").count < 30, "\(response.name): \(text)")
        #expect(text.filter { $0 == "?" }.count <= 1, "\(response.name): \(text)")
      }
    }
  }

  @Test func `whatever changes something is confirmed at a step of its own and can be asked about`() throws {
    let definition = try shop().definition
    let changing = definition.tools.values.filter(\.changesState).sorted { $0.name < $1.name }
    #expect(changing.map(\.name) == ["change_address", "move_delivery", "open_callback_case", "open_case"])
    for tool in changing {
      #expect(tool.probe?.url == "${SHOP_URL}/requests/{idempotency_key}")
      let flag = try #require(tool.confirmedBy)
      let asking = definition.flows.values.flatMap(\.steps).contains { step in
        if case .collect(let collect) = step.kind { collect.slot == flag && collect.asksBeforeFilling } else { false }
      }
      #expect(asking, "\(tool.name)")
    }
  }

  @Test func `what callers say of themselves is labelled`() throws {
    let slots = try shop().definition.slots
    let labels = ["order_number", "new_address", "case_summary", "callback_number"].map { slots[SlotName($0)]?.label }
    #expect(labels == [.identifier, .address, .personal, .identifier])
  }

  @Test func `numbers may be typed and a confirmation pressed`() throws {
    let definition = try shop().definition
    let steps = definition.flows.values.flatMap(\.steps)
    let digits = Dictionary(
      steps.compactMap { step -> (SlotName, DigitGrammar?)? in
        if case .collect(let collect) = step.kind { (collect.slot, collect.digits) } else { nil }
      }, uniquingKeysWith: { first, _ in first })
    #expect(digits["order_number"] == DigitGrammar(minimum: 8, maximum: 8, endKey: nil))
    #expect(digits["callback_number"] == DigitGrammar(minimum: 7, maximum: 15, endKey: "#"))
    #expect(digits["address_confirmed"]??.menu == ["1": .bool(true), "2": .bool(false)])
  }
}
