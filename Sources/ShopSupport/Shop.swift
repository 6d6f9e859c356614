import Assistant
public import Conversation
public import Core
import Foundation
public import TestSupport

extension Conversation: Stepping {
  public func tool(_ name: ActionName) -> ToolDefinition? { assistant.tools[name] }
}

/// A call to the shop of `Examples/shop`, in virtual time.
public typealias ShopCall = VirtualCall<Conversation>

/// The shop of `Examples/shop`, loaded once.
public enum Shop {
  /// The author's folder.
  public static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Examples/shop").path
  /// What its files say.
  public static let definition = Result { try AssistantLoader.load(folder: folder).definition }
  /// Ready to be talked to.
  public static let assistant = Result { PreparedAssistant(try definition.get()) }

  /// A call that rings.
  public static func call(channel: Channel = .voice, seed: UInt64 = 1) throws -> ShopCall {
    var call = ShopCall(Conversation(assistant: try assistant.get(), start: .example(channel: channel, seed: seed)))
    call.tools = { (ShopTable.answer($0), 50) }
    return call
  }

  /// A call whose greeting was heard, and whose caller is asked what for.
  public static func greeted(channel: Channel = .voice) throws -> ShopCall {
    var call = try Shop.call(channel: channel)
    call.connect()
    call.settle()
    return call
  }
}

extension ShopCall {
  /// What was said since the last time this was asked, after all that is under way came to rest.
  public mutating func hears(_ body: (inout Self) -> Void) -> String {
    let before = utterances.count
    body(&self)
    wait(700)
    settle()
    return utterances.dropFirst(before).map(\.clearText).joined(separator: " ")
  }

  /// The number of an order, as understanding gives it.
  public mutating func order(_ number: String) -> Command {
    .setSlot("order_number", .sensitive(sensitive(number, .identifier)))
  }

  /// The journal as another process reads it: written, read, every caller's value gone.
  public func read(seed: UInt64 = 1) throws -> [JournalEntry] {
    try journal(.example(seed: seed), Shop.definition.get().version).map {
      try CanonicalJSON.decode(JournalEntry.self, from: CanonicalJSON.encode($0))
    }
  }
}
