public import Core

/// The shop's back end as a table: what the tools of `Examples/shop` answer.
public enum ShopTable {
  /// An order on its way.
  public static let shipped = "10473829"
  /// An order that can be changed.
  public static let processing = "20581637"

  /// The answer to a tool.
  public static func answer(_ invocation: ToolInvocation) -> ToolOutcome {
    let order = invocation.arguments["order_number"]?.revealedText
    switch invocation.tool {
    case "open_case", "open_callback_case": return .completed(["case_number": .number(7001)])
    case _ where order != shipped && order != processing: return .refused("order_not_found")
    case "move_delivery":
      return .completed(["delivery_date": .text(invocation.arguments["date"]?.revealedText ?? "")])
    default:
      return .completed([
        "order_status": .text(order == shipped ? "shipped" : "processing"), "carrier": .text("DHL"),
        "delivery_date": .text("2030-05-09"),
      ])
    }
  }
}
