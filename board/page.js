// Copying the address, and the instant of printing. Runs once a page; holds no data.
if (!window.jianweiRuns) {
  window.jianweiRuns = true;
  // Browsers give the clipboard to pages by https and of this machine only; elsewhere the old way still works.
  const copyByHand = (text) => {
    const field = document.body.appendChild(document.createElement("textarea"));
    field.value = text;
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".jw-copy");
    if (!button) return;
    const copied = navigator.clipboard
      ? await navigator.clipboard.writeText(location.href).then(() => true, () => copyByHand(location.href))
      : copyByHand(location.href);
    button.textContent = copied ? "✓ 已复制" : "没有复制成功，请从地址栏复制";
    setTimeout(() => { button.textContent = "复制链接"; }, 4000);
  });
  window.addEventListener("beforeprint", () => {
    const now = new Date();
    const clock = now.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
    document.querySelectorAll(".jw-printed time").forEach((each) => {
      each.textContent = `${now.getFullYear()}年${now.getMonth() + 1}月${now.getDate()}日 ${clock}`;
    });
  });
}
