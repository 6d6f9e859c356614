import Core
import Testing

@testable import Dialogue

@Suite struct `Journeys by key` {
  private func flow(_ id: FlowID, key: String? = nil) -> Flow {
    Flow(
      id: id, name: id.rawValue, summary: "", steps: [], voice: FlowVoice(menuKey: key),
      source: SourceLocation(file: "f", line: 1, column: 1))
  }

  @Test func `have their author's keys, then the free ones in order`() {
    let menu = KeyMenu([flow("c"), flow("b", key: "1"), flow("a"), flow("person", key: "0")])
    #expect(menu.entries.map { "\($0.keys) \($0.flow)" } == ["0 person", "1 b", "2 a", "3 c"])
    #expect(menu.digits == nil)
  }

  @Test(arguments: [10, 19, 30, 60]) func `are all reached, however many they are`(count: Int) throws {
    let menu = KeyMenu((0..<count).map { flow(FlowID("f\($0)"), key: $0 == 3 ? "7" : nil) })
    #expect(menu.entries.count == count && Set(menu.entries.map(\.keys)).count == count)
    let digits = try #require(menu.digits)
    // A single key is an entry at once, so no code begins with one.
    let codes = menu.entries.map(\.keys).filter { $0.count == 2 }
    #expect(!codes.isEmpty && codes.allSatisfy { digits.menu[String($0.prefix(1))] == nil })
    #expect(digits.menu["0"] != nil && digits.menu["*"] != nil)
    #expect(menu.entries.filter { $0.keys.count == 1 }.allSatisfy { digits.menu[$0.keys] == .text($0.keys) })
  }
}
